import { readFileSync } from 'node:fs'
import {
  buildASTSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  isInputObjectType,
  isRequiredInputField,
  isScalarType,
  parse,
} from 'graphql'

export interface EventRegistry {
  readonly schema: GraphQLSchema
  /** In the order of the file. */
  readonly entries: readonly EventEntry[]
}

export interface EventEntry {
  /** `OrderCreated`. */
  readonly type: string
  /** Who tells it: `orders`, `wms`. */
  readonly source: string
  /** What it says, in one sentence. */
  readonly description: string
  readonly input: GraphQLInputObjectType
}

export const eventsFile: URL = new URL('../events.graphql', import.meta.url)

/** Reads `schema/events.graphql`. */
export function readEventRegistry(): EventRegistry {
  return parseEventRegistry(readFileSync(eventsFile, 'utf8'))
}

/** Finds every event under the `Event` root; throws when the registry breaks its own conventions. */
export function parseEventRegistry(sdl: string): EventRegistry {
  const document: DocumentNode = parse(sdl)
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })
  limitScalars(schema)
  return { schema, entries: entriesOf(schema) }
}

function entriesOf(schema: GraphQLSchema): readonly EventEntry[] {
  const root = schema.getType('Event')
  if (!isInputObjectType(root)) throw new GraphQLError('Expected an input type "Event" in events.graphql.')
  return Object.values(root.getFields()).map((field) => {
    const { description } = field
    const [, source, sentence] = /^(\w+)(?: \(inbound\))?: (.+)$/s.exec(description ?? '') ?? []
    const type = field.name.charAt(0).toUpperCase() + field.name.slice(1)
    if (
      !source ||
      !sentence ||
      !isInputObjectType(field.type) ||
      field.type.name !== type ||
      isRequiredInputField(field)
    ) {
      throw new GraphQLError(
        `Event.${field.name}: expected "source: what it says." as its description and "${type}" as its type.`,
        { nodes: field.astNode ?? null },
      )
    }
    return { type, source, description: sentence, input: field.type }
  })
}

/** Both are whole numbers that JSON and JavaScript hold exactly. */
function limitScalars(schema: GraphQLSchema): void {
  for (const name of ['MinorUnits', 'Timestamp']) {
    const scalar = schema.getType(name)
    if (isScalarType(scalar)) scalar.parseValue = (value) => wholeNumber(name, value)
  }
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new GraphQLError(`${name} is a whole number within ±2^53, got ${JSON.stringify(value)}.`)
}

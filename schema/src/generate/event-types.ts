import { type DocumentNode, type InputObjectTypeDefinitionNode, Kind, parse, print } from 'graphql'
import { generateTypes } from './codegen.ts'

/** `events.generated.ts`: a read-only type for each event, and `EventData`, which finds it by the event's name. */
export async function generateEventTypes(eventsSdl: string): Promise<string> {
  const document = parse(eventsSdl)
  const types = await generateTypes({
    sdl: print(withoutRegistry(document)),
    plugin: 'typescript',
    config: { inputMaybeValue: 'T | undefined', scalars: { MinorUnits: 'number', Timestamp: 'number' } },
  })
  return `${types}\n${eventData(document)}`
}

/** As a type the `@oneOf` registry would be every event times every event. `EventData` says the same in a line each. */
function withoutRegistry(document: DocumentNode): DocumentNode {
  return { ...document, definitions: document.definitions.filter((node) => !isRegistry(node)) }
}

function eventData(document: DocumentNode): string {
  const lines = registryFields(document).map((field) => {
    const name = field.type.kind === Kind.NAMED_TYPE ? field.type.name.value : ''
    return `  /** ${field.description?.value ?? ''} */\n  readonly ${name}: ${name};\n`
  })
  return `/** Every event by its name. */\nexport type EventData = {\n${lines.join('')}};\n`
}

function registryFields(document: DocumentNode): NonNullable<InputObjectTypeDefinitionNode['fields']> {
  return document.definitions.find(isRegistry)?.fields ?? []
}

function isRegistry(node: DocumentNode['definitions'][number]): node is InputObjectTypeDefinitionNode {
  return node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && node.name.value === 'Event'
}

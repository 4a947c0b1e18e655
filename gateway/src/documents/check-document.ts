import { ok, type Result } from '@stoa/platform/result'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
  visit,
} from 'graphql'
import { refuseIdempotency } from '../edge/operation-directives.ts'
import { measureDocument } from '../guards/measure-document.ts'
import { scanDocument } from '../guards/scan-document.ts'
import type { DocumentLimits, Limits } from '../limits.ts'
import { quote } from '../quote.ts'
import { type GraphError, type Refusal, refuse, refuseAll } from '../refusal.ts'
import { rulesFor } from './validation-rules.ts'

export interface DocumentRulesOfSchema {
  readonly schema: GraphQLSchema
  readonly introspection: boolean
  readonly limits: Limits
}

/** Counts a document before anything is built from it. */
export function guardDocument(
  text: string,
  limits: DocumentLimits,
  jsonDepth: number,
): Result<void, Refusal> {
  // Each field may bring one bracket for itself and some for its arguments.
  const nesting = limits.depth + jsonDepth
  return scanDocument(text, { tokens: limits.tokens, directives: limits.directives, nesting })
}

/** A document that is within its limits and fits the schema; it must have been guarded before. */
export function checkDocument(
  text: string,
  limits: DocumentLimits,
  rules: DocumentRulesOfSchema,
): Result<DocumentNode, Refusal> {
  const parsed = parseDocument(text)
  if (!parsed.ok) return parsed
  const document = parsed.value
  const measured = measureDocument(document, limits)
  if (!measured.ok) return measured
  const refused = refuseNames(document, rules)
  if (refused) return refused
  const errors = validate(rules.schema, document, rulesFor(text), {
    maxErrors: rules.introspection ? 10 : 1,
    hideSuggestions: !rules.introspection,
  })
  return errors.length === 0
    ? ok(document)
    : refuseAll(
        'DOCUMENT_INVALID',
        errors.map((error) => shown(error, rules)),
      )
}

function parseDocument(text: string): Result<DocumentNode, Refusal> {
  try {
    return ok(parse(text))
  } catch (reason) {
    if (!(reason instanceof GraphQLError)) throw reason
    return refuseAll('DOCUMENT_UNPARSABLE', [{ message: reason.message, locations: reason.locations ?? [] }])
  }
}

/** What is valid GraphQL and yet not run here, said plainly rather than as "unknown". */
function refuseNames(
  document: DocumentNode,
  rules: DocumentRulesOfSchema,
): ReturnType<typeof refuse> | undefined {
  let refused: ReturnType<typeof refuse> | undefined
  visit(document, {
    Directive(node) {
      if (node.name.value === 'idempotent' && !rules.schema.getDirective('idempotent'))
        refused ??= refuseIdempotency()
      if (UNSUPPORTED.has(node.name.value))
        refused ??= refuse(
          'DIRECTIVE_UNSUPPORTED',
          `@${node.name.value} is not supported: lists come in one piece. Leave it out.`,
        )
    },
    Field(node) {
      if (INTROSPECTION.has(node.name.value) && !rules.introspection)
        refused ??= refuse('INTROSPECTION_DISABLED', 'The schema is not told here. Use the published schema.')
      if (node.alias?.value.startsWith('__')) refused ??= reservedName('alias', node.alias.value)
    },
    Variable(node) {
      if (node.name.value.startsWith('__')) refused ??= reservedName('variable', node.name.value)
    },
  })
  return refused
}

function reservedName(what: string, name: string): ReturnType<typeof refuse> {
  return refuse(
    'NAME_RESERVED',
    `The ${what} "${name.slice(0, 40)}" begins with "__". Rename it: such names are reserved.`,
  )
}

const UNSUPPORTED: ReadonlySet<string> = new Set(['stream'])
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type'])

/** Where the schema is not told, neither is whether a name was nearly right. */
function shown(error: GraphQLError, rules: DocumentRulesOfSchema): Omit<GraphError, 'extensions'> {
  const message = rules.introspection
    ? error.message
    : 'The document does not fit the schema. Check it against the published schema.'
  return { message, locations: error.locations ?? [] }
}

/** The operation a request means: the only one, or the one it names. */
export function chooseOperation(
  document: DocumentNode,
  name: string | undefined,
): Result<OperationDefinitionNode, Refusal> {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const named =
    name === undefined || name === '' ? operations : operations.filter((node) => node.name?.value === name)
  const [operation, second] = named
  if (!operation)
    return refuse(
      'OPERATION_NOT_FOUND',
      `Expected "operationName" to be ${namesOf(operations)}, got ${quote(name ?? '')}.`,
    )
  if (second)
    return refuse(
      'OPERATION_NOT_FOUND',
      `The document has several operations. Say in "operationName" which one: ${namesOf(operations)}.`,
    )
  return ok(operation)
}

const MOST_NAMES = 5

function namesOf(operations: readonly OperationDefinitionNode[]): string {
  const names = operations.flatMap(({ name }) => (name ? [quote(name.value)] : []))
  if (names.length === 0) return 'absent, for the document names no operation'
  return `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`
}

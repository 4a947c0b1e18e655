import { err, ok, type Result } from '@stoa/platform/result'
import {
  type DocumentNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { checkDocument } from '../documents/check-document.ts'
import type { Graph } from '../graph.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import { defaultLimits } from '../limits.ts'
import { documentOf, type OperationParts } from '../planner/normalise-operation.ts'
import type { Refusal } from '../refusal.ts'
import type { ToExplain } from './explain.ts'

export interface Asked {
  readonly parts: OperationParts
  /** Coerced: those given, those with a default, and those that decide what is asked for. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** The operation that is meant; or a line for each mistake, with its place. */
export function readAsked(asked: ToExplain, graph: Graph): Result<Asked, readonly string[]> {
  const checked = checkDocument(asked.document, defaultLimits.trusted, graph)
  if (!checked.ok) return err(linesOf(checked.error, asked.file))
  const operation = theOperation(checked.value, asked)
  if (!operation.ok) return operation
  const parts = { operation: operation.value, fragments: fragmentsOf(checked.value) }
  const variables = coerceVariables(parts, asked.variables, graph.schema)
  return variables.ok ? ok({ parts, variables: variables.value }) : variables
}

const MOST = 5

function linesOf({ errors }: Refusal, file: string): readonly string[] {
  const lines = errors.map(({ message, locations, extensions }) => {
    const [at] = locations ?? []
    return `${at ? `${file}:${at.line}:${at.column}` : file}: ${extensions.code}: ${message}`
  })
  return lines.length > MOST ? [...lines.slice(0, MOST), '… and more'] : lines
}

function theOperation(
  { definitions }: DocumentNode,
  { operationName, file }: ToExplain,
): Result<OperationDefinitionNode, readonly string[]> {
  const operations = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const [first, second] = operations
  if (!first) return err([`${file}: expected an operation, got none.`])
  const names = operations.flatMap(({ name }) => name?.value ?? []).join(', ')
  if (operationName === undefined)
    return second
      ? err([`--operation: expected one of ${names}, for ${file} has several; got none.`])
      : ok(first)
  const named = operations.find(({ name }) => name?.value === operationName)
  if (named) return ok(named)
  const expected = names === '' ? `none, for the operation in ${file} has no name` : `one of ${names}`
  return err([`--operation: expected ${expected}; got ${operationName}.`])
}

function coerceVariables(
  parts: OperationParts,
  given: ToExplain['variables'],
  schema: GraphQLSchema,
): Result<Asked['variables'], readonly string[]> {
  const declared = parts.operation.variableDefinitions ?? []
  const names = declared.map(({ variable }) => variable.name.value)
  const unknown = Object.keys(given).filter((name) => !names.includes(name))
  const known = names.length > 0 ? names.map((name) => `$${name}`).join(', ') : 'none'
  const deciding = decidingVariables(parts)
  const needed = declared.filter(({ variable: { name }, defaultValue }) => {
    return defaultValue !== undefined || deciding.has(name.value) || Object.hasOwn(given, name.value)
  })
  const { coerced = {}, errors = [] } = getVariableValues(schema, needed, given, { maxErrors: MOST })
  const problems = [
    ...unknown.map((name) => `--variables: the operation has no $${name}. It has: ${known}.`),
    ...errors.map(({ message }) => `--variables: ${message}`),
  ]
  return problems.length > 0 ? err(problems) : ok(coerced)
}

/** Variables by which it is decided whether something is asked for, or when. */
function decidingVariables(parts: OperationParts): ReadonlySet<string> {
  const names = new Set<string>()
  visit(documentOf(parts), {
    Directive({ name, arguments: given = [] }) {
      const value = given.find((argument) => argument.name.value === 'if')?.value
      if (DECIDING.has(name.value) && value?.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return names
}

const DECIDING: ReadonlySet<string> = new Set(['skip', 'include', 'defer'])

import { Kind, type NameNode, visit } from 'graphql'
import { fragmentsOf } from '../guards/fragment-size.ts'
import { documentOf, type OperationParts } from './normalise-operation.ts'

/** An operation without variables of the planner's names, and what those that it had are called now. */
export interface WithOwnVariables {
  readonly parts: OperationParts
  /** From the client's name. */
  readonly renamed: ReadonlyMap<string, string>
}

/** In sub-requests for entities it brings these itself; a client's of the same name would be declared twice. */
const PLANNERS: ReadonlySet<string> = new Set(['representations'])

export function separateVariables(parts: OperationParts): WithOwnVariables {
  const names = parts.operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
  const taken = names.filter((name) => PLANNERS.has(name))
  if (taken.length === 0) return { parts, renamed: NOTHING }
  const renamed = new Map(taken.map((name) => [name, freeName(name, names)]))
  const document = visit(documentOf(parts), {
    Variable: ({ name, ...node }) => ({ ...node, name: rename(name, renamed) }),
  })
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  return {
    parts: { operation: operation ?? parts.operation, fragments: fragmentsOf(document) },
    renamed,
  }
}

/** The values under the names that sub-requests know them by. */
export function withRenamed(
  variables: Readonly<Record<string, unknown>>,
  renamed: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const more = [...renamed].filter(([name]) => name in variables)
  return { ...variables, ...Object.fromEntries(more.map(([name, own]) => [own, variables[name]])) }
}

const NOTHING: ReadonlyMap<string, string> = new Map()

function freeName(name: string, names: readonly string[]): string {
  return names.includes(`${name}_1`) ? freeName(`${name}_1`, names) : `${name}_1`
}

function rename(name: NameNode, renamed: ReadonlyMap<string, string>): NameNode {
  return { ...name, value: renamed.get(name.value) ?? name.value }
}

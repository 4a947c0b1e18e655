import { type DocumentNode, execute, type FieldNode, Kind, type OperationDefinitionNode } from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import type { Projection } from './project.ts'

/**
 * `__schema` and `__type`, answered from the schema clients see. No subgraph is asked, so it is done at once.
 */
export function introspect(projection: Projection, nodes: readonly FieldNode[]): unknown {
  const { schema, planned, variables } = projection
  const operation: OperationDefinitionNode = {
    ...planned.operation,
    directives: [],
    selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
  }
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation }, ...planned.fragments.values()],
  }
  const answer = execute({ schema, document, variableValues: variables })
  const [node] = nodes
  if (answer instanceof Promise || !node) return null
  return answer.data?.[responseKey(node)] ?? null
}

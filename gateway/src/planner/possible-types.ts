import { type DocumentNode, visit } from 'graphql'

/** Which object types a type condition lets through, hidden ones included. */
export interface PossibleTypes {
  /** Whether an object of type `typename` satisfies `... on condition`. */
  satisfies(typename: string, condition: string): boolean
  isObjectType(name: string): boolean
}

/** Reads it from the whole supergraph: subgraphs answer with types that clients may never see. */
export function readPossibleTypes(supergraph: DocumentNode): PossibleTypes {
  const objects = new Set<string>()
  const byCondition = new Map<string, Set<string>>()
  const add = (condition: string, typename: string): void => {
    const types = byCondition.get(condition) ?? new Set()
    byCondition.set(condition, types.add(typename))
  }
  visit(supergraph, {
    ObjectTypeDefinition(node) {
      objects.add(node.name.value)
      for (const condition of node.interfaces ?? []) add(condition.name.value, node.name.value)
      return false
    },
    UnionTypeDefinition(node) {
      for (const member of node.types ?? []) add(node.name.value, member.name.value)
      return false
    },
  })
  return {
    satisfies: (typename, condition) =>
      typename === condition || (byCondition.get(condition)?.has(typename) ?? false),
    isObjectType: (name) => objects.has(name),
  }
}

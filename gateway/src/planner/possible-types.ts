import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
  visit,
} from 'graphql'

/** The types of the whole graph, hidden ones included: subgraphs answer with types that clients may never see. */
export interface PossibleTypes {
  /** Whether an object of type `typename` satisfies `... on condition`. */
  satisfies(typename: string, condition: string): boolean
  isObjectType(name: string): boolean
  /** The object types that satisfy a condition: the type itself, an interface's implementations, a union's members. */
  objectTypes(condition: string): readonly string[]
  /** The declared type of a field, or undefined for one that is not declared. */
  fieldType(typename: string, field: string): TypeNode | undefined
}

export function readPossibleTypes(supergraph: DocumentNode): PossibleTypes {
  const fields = new Map<string, ReadonlyMap<string, FieldDefinitionNode>>()
  const objects = new Set<string>()
  const byCondition = new Map<string, Set<string>>()
  const add = (condition: string, typename: string): void => {
    const types = byCondition.get(condition) ?? new Set()
    byCondition.set(condition, types.add(typename))
  }
  const declare = (node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode): void => {
    fields.set(node.name.value, new Map(node.fields?.map((field) => [field.name.value, field])))
  }
  visit(supergraph, {
    ObjectTypeDefinition(node) {
      declare(node)
      objects.add(node.name.value)
      for (const condition of node.interfaces ?? []) add(condition.name.value, node.name.value)
      return false
    },
    InterfaceTypeDefinition(node) {
      declare(node)
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
    objectTypes: (condition) =>
      objects.has(condition) ? [condition] : [...(byCondition.get(condition) ?? [])],
    fieldType: (typename, field) => fields.get(typename)?.get(field)?.type,
  }
}

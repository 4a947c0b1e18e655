import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/**
 * Asks for `__typename` wherever a value may be of several types. The planner asks only where types make a difference
 * to it; the answer needs it too, to know whose fields and which hidden types it has in hand.
 */
export function askTypenames(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const typeInfo = new TypeInfo(schema)
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      SelectionSet: {
        leave: (set) =>
          isAbstractType(typeInfo.getParentType()) && !asks(set) ? withTypename(set) : undefined,
      },
    }),
  )
}

function asks(set: SelectionSetNode): boolean {
  return set.selections.some((node) => node.kind === Kind.FIELD && node.name.value === '__typename')
}

function withTypename(set: SelectionSetNode): SelectionSetNode {
  return { ...set, selections: [TYPENAME, ...set.selections] }
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

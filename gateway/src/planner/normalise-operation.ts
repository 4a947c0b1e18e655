import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { type Fragments, fragmentsOf } from '../guards/fragment-size.ts'
import { isIncluded } from '../guards/is-included.ts'

export interface OperationParts {
  readonly operation: OperationDefinitionNode
  readonly fragments: Fragments
}

/** The variables that decide what is asked for: each combination of them has a plan of its own. */
export function conditionVariables(parts: OperationParts): readonly string[] {
  const names = new Set<string>()
  visit(documentOf(parts), {
    Directive: (node) => {
      const value = CONDITIONS.has(node.name.value) ? node.arguments?.[0]?.value : undefined
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names].sort()
}

/**
 * The operation as the planner does best with: conditions decided (it loses some of them on their way into
 * sub-requests, which for a mutation would mean doing what was to be skipped), no introspection, and `__typename`
 * plainly where the type is not known beforehand and nowhere else (under an alias or a condition it would not be found).
 */
export function normaliseOperation(
  parts: OperationParts,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
): OperationParts {
  const types = new TypeInfo(schema)
  const decide = (node: SelectionNode): SelectionNode | null => {
    const isWanted = isIncluded(node.directives, variables) && !isMeta(node)
    return isWanted ? { ...node, directives: node.directives?.filter(isNoCondition) ?? [] } : null
  }
  const plain = (node: FieldNode): SelectionNode | null => {
    // The planner takes a field and the same field under its own name as an alias for two.
    const { alias, ...unnamed } = node
    return decide(alias?.value === node.name.value ? unnamed : node)
  }
  const document: DocumentNode = visit(
    documentOf(parts),
    visitWithTypeInfo(types, {
      Field: plain,
      InlineFragment: decide,
      FragmentSpread: decide,
      SelectionSet: {
        leave: (set: SelectionSetNode) =>
          isAbstractType(types.getParentType()) || set.selections.length === 0
            ? { ...set, selections: [TYPENAME, ...set.selections] }
            : undefined,
      },
    }),
  )
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  return { operation: operation ?? parts.operation, fragments: fragmentsOf(document) }
}

export function documentOf({ operation, fragments }: OperationParts): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] }
}

function isMeta(node: SelectionNode): boolean {
  return node.kind === Kind.FIELD && META.has(node.name.value)
}

function isNoCondition(directive: { readonly name: { readonly value: string } }): boolean {
  return !(CONDITIONS.has(directive.name.value) || directive.name.value === 'defer')
}

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include'])
const META: ReadonlySet<string> = new Set(['__schema', '__type', '__typename'])
const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner'
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql'
import type { Fragments } from '../../guards/fragment-size.ts'
import type { PossibleTypes } from '../possible-types.ts'

/** Fields of the objects of one type at one place, to be planned apart from what leads there. */
export interface Postponed {
  readonly type: string
  readonly path: readonly FlattenNodePathSegment[]
  readonly fields: readonly FieldNode[]
  /** Asks for this, too, where the objects are found. */
  require(selections: readonly SelectionNode[]): void
}

export interface PostponeParts {
  readonly types: PossibleTypes
  readonly fragments: Fragments
  /** Whether a field of an object type is to be postponed. */
  isLate(type: string, field: string): boolean
  /** Nothing is postponed before so many steps of a path. */
  readonly from: number
}

export interface Split {
  readonly postponed: readonly Postponed[]
  /** What is left, with everything that was required by then. */
  rest(): OperationDefinitionNode
}

/** Takes fields out of an operation; fragments are written out. */
export function postpone(operation: OperationDefinitionNode, rootType: string, parts: PostponeParts): Split {
  const postponed: Postponed[] = []
  const selections = splitSet({ parts, postponed }, operation.selectionSet, { type: rootType, path: [] })
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections }
  return { postponed, rest: () => ({ ...operation, selectionSet }) }
}

interface Splitting {
  readonly parts: PostponeParts
  readonly postponed: Postponed[]
}

interface At {
  readonly type: string
  readonly path: readonly FlattenNodePathSegment[]
}

function splitSet(splitting: Splitting, set: SelectionSetNode, at: At): readonly SelectionNode[] {
  const { parts, postponed } = splitting
  const kept: SelectionNode[] = []
  const late: FieldNode[] = []
  for (const node of set.selections) {
    const isLate =
      node.kind === Kind.FIELD && at.path.length >= parts.from && parts.isLate(at.type, node.name.value)
    if (isLate) late.push(node)
    else kept.push(splitNode(splitting, node, at))
  }
  if (late.length > 0)
    postponed.push({ ...at, fields: late, require: (selections) => void kept.push(...selections) })
  return kept
}

function splitNode(splitting: Splitting, node: SelectionNode, at: At): SelectionNode {
  if (node.kind === Kind.FIELD) return splitField(splitting, node, at)
  const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : splitting.parts.fragments.get(node.name.value)
  const condition = fragment?.typeCondition?.name.value ?? at.type
  const path: At['path'] = condition === at.type ? at.path : [...at.path, { TypeCondition: [condition] }]
  const selections = fragment ? splitSet(splitting, fragment.selectionSet, { type: condition, path }) : []
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: condition } },
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  }
}

function splitField(splitting: Splitting, node: FieldNode, at: At): FieldNode {
  const declared = splitting.parts.types.fieldType(at.type, node.name.value)
  if (!node.selectionSet || !declared) return node
  const key = (node.alias ?? node.name).value
  const path: At['path'] = [...at.path, { Field: key }, ...listsIn(declared)]
  const type = print(declared).replace(/[[\]!]/g, '')
  const selections = splitSet(splitting, node.selectionSet, { type, path })
  return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

function listsIn(type: TypeNode): readonly '@'[] {
  if (type.kind === Kind.NON_NULL_TYPE) return listsIn(type.type)
  return type.kind === Kind.LIST_TYPE ? ['@', ...listsIn(type.type)] : []
}

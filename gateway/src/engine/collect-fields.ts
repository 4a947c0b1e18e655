import { type FieldNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import type { Fragments } from '../guards/fragment-size.ts'
import { isIncluded } from '../guards/is-included.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import type { ShownKeys } from '../planner/separate-keys.ts'

/** All selections of one response key in one place, merged as the specification has it. */
export interface FieldGroup {
  readonly key: string
  /** What the client calls it: the same, or what the key was before it had to be changed. */
  readonly shownKey: string
  readonly name: string
  readonly nodes: readonly [FieldNode, ...FieldNode[]]
  /** The fields below, for each type an object here turns out to have. */
  fieldsOf(typename: string): readonly FieldGroup[]
}

export interface CollectParts {
  readonly fragments: Fragments
  readonly types: PossibleTypes
  readonly variables: Readonly<Record<string, unknown>>
  /** Absent for what no client reads. */
  readonly shownKeys?: ShownKeys
}

/** The fields that an object of this type answers with, in the order of the document; each is worked out once a request. */
export function collectFields(
  parts: CollectParts,
  sets: readonly SelectionSetNode[],
  typename: string,
): readonly FieldGroup[] {
  const byKey = new Map<string, [FieldNode, ...FieldNode[]]>()
  const gather = (selections: readonly SelectionNode[]): void => {
    for (const node of selections) {
      if (!isIncluded(node.directives, parts.variables)) continue
      if (node.kind === Kind.FIELD) addField(byKey, node)
      else gather(inside(parts, node, typename))
    }
  }
  for (const set of sets) gather(set.selections)
  return [...byKey].map(([key, nodes]) => createGroup(parts, key, nodes))
}

function createGroup(parts: CollectParts, key: string, nodes: FieldGroup['nodes']): FieldGroup {
  const sets = nodes.flatMap((node) => node.selectionSet ?? [])
  const byType = new Map<string, readonly FieldGroup[]>()
  return {
    key,
    shownKey: parts.shownKeys?.get(key) ?? key,
    name: nodes[0].name.value,
    nodes,
    fieldsOf(typename) {
      const known = byType.get(typename)
      if (known) return known
      const fields = collectFields(parts, sets, typename)
      byType.set(typename, fields)
      return fields
    },
  }
}

function addField(byKey: Map<string, [FieldNode, ...FieldNode[]]>, node: FieldNode): void {
  const key = responseKey(node)
  const nodes = byKey.get(key)
  if (nodes) nodes.push(node)
  else byKey.set(key, [node])
}

function inside(
  parts: CollectParts,
  node: Exclude<SelectionNode, FieldNode>,
  typename: string,
): readonly SelectionNode[] {
  const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : parts.fragments.get(node.name.value)
  const condition = fragment?.typeCondition?.name.value ?? typename
  return fragment && parts.types.satisfies(typename, condition) ? fragment.selectionSet.selections : []
}

import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { responseKey } from '../guards/fields-in-place.ts'
import { namedType } from '../planner/named-type.ts'
import type { Ownership } from '../planner/ownership.ts'
import type { EntityFetchNode, PathSegment, RootFetchNode } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import { hasField, selectionsOf } from './fetch-document.ts'
import { isKeyField, isMovable, sureKeys } from './movable.ts'
import { maskOf, type Need, narrowed, type Scope, scopeOf } from './needs.ts'
import { type Part, reduceMask } from './read-parts.ts'

/** What cutting depends on, for all sub-requests of a plan. */
export interface Cutting {
  readonly parts: readonly Part[]
  /** So far: of the client, and of all sub-requests that come later. */
  readonly needs: Need
  readonly types: PossibleTypes
  readonly ownership: Ownership
  /** The type of the operation's root. */
  readonly rootType: string
}

/** One sub-request while it is cut. */
export interface Cut extends Cutting {
  readonly node: RootFetchNode | EntityFetchNode
  readonly document: OperationDefinitionNode
  /** Keys that its answer has and the data has not: what they become. */
  readonly renamed: ReadonlyMap<string, string>
  readonly isMutation: boolean
  /** Pieces found on the way that are still to be cut themselves. */
  readonly waiting: Job[]
}

/** Fields of entities that become a sub-request of their own. */
export interface Job extends Wanted {
  readonly place: Place
  readonly key: SelectionSetNode
}

/** Where in the data objects stand: in one place or in several alike. */
export interface Place {
  readonly needs: readonly (Need | undefined)[]
  readonly scope: Scope
  readonly paths: readonly (readonly PathSegment[])[]
  /** Whether a sub-request for entities begins here. */
  readonly isTop: boolean
}

/** Selections, and the parts that need all of them. */
interface Wanted {
  readonly set: SelectionSetNode
  readonly mask: bigint
}

/** The parts that need a field or something below it. */
export function maskOfField(cut: Cut, place: Place, field: FieldNode): bigint {
  // Whoever asks for an entity of a concrete type knows its type already.
  const isKnown = field.name.value === '__typename' && place.isTop && cut.types.isObjectType(place.scope.name)
  return isKnown ? 0n : reduceMask(cut.parts, rawMask(cut, place, field))
}

function rawMask(cut: Cut, place: Place, field: FieldNode): bigint {
  const below = placeBelow(cut, place, field)
  let mask = 0n
  for (const need of below.needs) mask |= maskOf(need, !field.selectionSet, place.scope.types)
  return field.selectionSet ? mask | maskWithin(cut, below, field.selectionSet) : mask
}

function maskWithin(cut: Cut, place: Place, set: SelectionSetNode): bigint {
  let mask = 0n
  for (const node of set.selections)
    if (node.kind === Kind.FIELD) mask |= rawMask(cut, place, node)
    else if (node.kind === Kind.INLINE_FRAGMENT)
      mask |= maskWithin(cut, within(cut, place, node), node.selectionSet)
  return mask
}

function placeBelow({ renamed, types }: Cut, { needs, scope, paths }: Place, field: FieldNode): Place {
  const key = responseKey(field)
  const name = renamed.get(key) ?? key
  const type = namedType(types.fieldType(scope.name, field.name.value))
  return {
    needs: needs.map((need) => need?.below.get(name)),
    scope: type === undefined ? { name: '', types: [] } : scopeOf(type, types),
    paths: paths.map((path) => [...path, { kind: 'field', name }]),
    isTop: false,
  }
}

type InlineFragment = Extract<SelectionNode, { kind: Kind.INLINE_FRAGMENT }>

function within({ types }: Cut, place: Place, { typeCondition }: InlineFragment): Place {
  const name = typeCondition?.name.value
  if (name === undefined || name === place.scope.name) return place
  const step = { kind: 'types', names: [name] } as const
  return {
    ...place,
    scope: narrowed(place.scope, name, types),
    paths: place.paths.map((path) => [...path, step]),
  }
}

/**
 * What of these selections stays in the sub-request that fetches for `mask`, with all below them settled, too. The
 * rest waits to become sub-requests of its own, and what these need of the objects is asked for instead.
 */
export function settle(cut: Cut, place: Place, { set, mask }: Wanted): SelectionSetNode {
  // Where data is renamed, keys could not be told apart.
  const keys = cut.renamed.size === 0 ? sureKeys(cut, place.scope) : []
  const moved = new Map<bigint, FieldNode[]>()
  const kept = set.selections.flatMap((node): SelectionNode[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const inner = settle(cut, within(cut, place, node), { set: node.selectionSet, mask })
      return inner.selections.length > 0 ? [{ ...node, selectionSet: inner }] : []
    }
    const wish = maskOfField(cut, place, node)
    const isHere = keys.length === 0 || place.isTop || wish === 0n || wish === mask
    if (isHere || isKeyField(cut, place.scope, node.name.value) || !isMovable(cut, place.scope, node))
      return [settleField(cut, place, { field: node, mask })]
    moved.set(wish, [...(moved.get(wish) ?? []), node])
    return []
  })
  const [key, ...others] = keys
  if (!key || moved.size === 0) return selectionsOf(kept)
  const lacking = [key, ...others].map((one) => ({ key: one, fields: missing(kept, one) }))
  const best = lacking.reduce((one, other) => (other.fields.length < one.fields.length ? other : one))
  for (const [wish, fields] of moved)
    cut.waiting.push({ place, key: best.key, set: selectionsOf(fields), mask: wish })
  return selectionsOf([...kept, ...best.fields])
}

function settleField(cut: Cut, place: Place, { field, mask }: { field: FieldNode; mask: bigint }): FieldNode {
  if (!field.selectionSet) return field
  const below = placeBelow(cut, place, field)
  return { ...field, selectionSet: settle(cut, below, { set: field.selectionSet, mask }) }
}

/** Keys are always asked for under their own names, which no client can give to another field. */
function missing(kept: readonly SelectionNode[], key: SelectionSetNode): readonly SelectionNode[] {
  return key.selections.filter((node) => !hasField(kept, node))
}

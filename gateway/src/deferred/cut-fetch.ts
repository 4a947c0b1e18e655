import { type FieldNode, Kind, OperationTypeNode, type SelectionNode, type SelectionSetNode } from 'graphql'
import { renames } from '../engine/rewrites.ts'
import { responseKey } from '../guards/fields-in-place.ts'
import type {
  EntityBatch,
  EntityFetchNode,
  PathSegment,
  Requirement,
  RootFetchNode,
} from '../planner/plan.ts'
import { type Cut, type Cutting, maskOfField, type Place, settle } from './cut-place.ts'
import { entityPiece } from './entity-piece.ts'
import { readFetch, selectionsOf, writeFetch } from './fetch-document.ts'
import { isKeyField, tellsAll } from './movable.ts'
import { narrowed, needAt, type Scope, scopeOf } from './needs.ts'
import { reduceMask } from './read-parts.ts'

/** One sub-request of a plan as it is sent, and the parts of the answer that need it. */
export interface Piece {
  readonly node: RootFetchNode | EntityFetchNode
  readonly mask: bigint
  /** What it asks for, and where in the data that comes to stand. */
  readonly asked: readonly Asked[]
}

export interface Asked {
  readonly paths: readonly (readonly PathSegment[])[]
  readonly set: SelectionSetNode
}

/**
 * Cuts a sub-request in as many as there are parts of the answer that can wait for different ones: fields of the root
 * and of the entities it is for, and below them fields of entities that its subgraph can find again by a key. No
 * field is asked for twice; whatever cannot be cut comes with the part that is earliest. Each piece comes after those
 * it needs.
 */
export function cutFetch(cutting: Cutting, node: RootFetchNode | EntityFetchNode): readonly Piece[] {
  const document = readFetch(node.operation)
  if (!document) return [{ node, mask: 1n, asked: [] }]
  const rewrites =
    node.kind === 'root' ? node.outputRewrites : node.batches.flatMap((one) => one.outputRewrites)
  const cut: Cut = {
    ...cutting,
    node,
    document,
    renamed: renames(rewrites),
    isMutation: document.operation === OperationTypeNode.MUTATION,
    waiting: [],
  }
  const groups = topsOf(cut).flatMap((top) => groupsOf(cut, top))
  const pieces = [...Map.groupBy(groups, ({ mask }) => mask).values()].flatMap((same) =>
    isTwice(same) ? same.map((one) => topPiece(cut, [one])) : [topPiece(cut, same)],
  )
  const [only, second] = pieces
  if (only && !second && cut.waiting.length === 0) return [{ ...only, node }]
  for (let job = cut.waiting.shift(); job; job = cut.waiting.shift()) {
    const set = settle(cut, job.place, job)
    pieces.push(entityPiece(cut, { ...job, set }))
  }
  return pieces
}

/** What a sub-request asks for at its root, or for one of its batches of entities. */
interface Top {
  /** Of a batch: its field. */
  readonly batch: { readonly of: EntityBatch; readonly field: FieldNode } | undefined
  readonly paths: readonly (readonly PathSegment[])[]
  readonly set: SelectionSetNode
}

function topsOf({ node, document }: Cut): readonly Top[] {
  if (node.kind === 'root') return [{ batch: undefined, paths: [[]], set: document.selectionSet }]
  return node.batches.flatMap((of): Top[] => {
    const field = document.selectionSet.selections.find(
      (one): one is FieldNode => one.kind === Kind.FIELD && responseKey(one) === of.key,
    )
    return field?.selectionSet ? [{ batch: { of, field }, paths: of.paths, set: field.selectionSet }] : []
  })
}

/** Fields of a top that the same parts need, in the same places. */
interface Group extends Top {
  readonly mask: bigint
}

function groupsOf(cut: Cut, top: Top): readonly Group[] {
  const byWish = Map.groupBy(top.paths, (path) =>
    wishesOf(cut, placeOf(cut, [path]), top.set)
      .map(({ mask }) => mask)
      .join(),
  )
  return [...byWish.values()].flatMap((paths) => {
    const wishes = wishesOf(cut, placeOf(cut, paths), top.set)
    const own = new Set(wishes.flatMap(({ mask, isKey }) => (isKey || mask === 0n ? [] : [mask])))
    const [first = 0n] = own.has(1n) ? [1n] : own
    // Keys, and what nobody needs, are no reason to ask once more.
    const keys = wishes.reduce((mask, wish) => (wish.isKey ? mask | wish.mask : mask), first)
    const home = reduceMask(cut.parts, keys) || 1n
    const masks = wishes.map(({ mask, isKey }) => (isKey || mask === 0n || mask === first ? home : mask))
    return [...new Set(masks)].map((mask) => ({
      ...top,
      paths,
      mask,
      set: pick(top.set, masks.values(), mask),
    }))
  })
}

function placeOf({ needs, types, node, rootType }: Cut, paths: Top['paths']): Place {
  const scope = node.kind === 'root' ? scopeOf(rootType, types) : { name: '', types: [] }
  return { needs: paths.map((path) => needAt(needs, path)), scope, paths, isTop: node.kind === 'entities' }
}

interface Wish {
  readonly mask: bigint
  readonly isKey: boolean
}

/** Of each field, through fragments, in the order of the document. */
function wishesOf(cut: Cut, place: Place, set: SelectionSetNode): readonly Wish[] {
  return set.selections.flatMap((node): readonly Wish[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    if (node.kind === Kind.FIELD) {
      const mask = cut.isMutation ? 1n : maskOfField(cut, place, node)
      return [{ mask, isKey: isKeyField(cut, place.scope, node.name.value) }]
    }
    const scope = narrowed(place.scope, node.typeCondition?.name.value, cut.types)
    return wishesOf(cut, { ...place, scope }, node.selectionSet)
  })
}

/** Those fields whose mask, in the order of the document, is the wanted one. */
function pick(set: SelectionSetNode, masks: Iterator<bigint>, wanted: bigint): SelectionSetNode {
  const selections = set.selections.flatMap((node): SelectionNode[] => {
    if (node.kind === Kind.FIELD) return masks.next().value === wanted ? [node] : []
    if (node.kind === Kind.FRAGMENT_SPREAD) return []
    const inner = pick(node.selectionSet, masks, wanted)
    return inner.selections.length > 0 ? [{ ...node, selectionSet: inner }] : []
  })
  return selectionsOf(selections)
}

function isTwice(groups: readonly Group[]): boolean {
  return new Set(groups.map(({ batch }) => batch?.of.key)).size < groups.length
}

function topPiece(cut: Cut, groups: readonly Group[]): Piece {
  const mask = groups[0]?.mask ?? 1n
  const settled = groups.map((group) => ({
    ...group,
    set: settle(cut, placeOf(cut, group.paths), { set: group.set, mask }),
  }))
  return { node: written(cut, settled), mask, asked: settled }
}

function written(cut: Cut, groups: readonly Group[]): Piece['node'] {
  const { node, document } = cut
  const fields = groups.flatMap(({ batch, set }) =>
    batch ? [{ ...batch.field, selectionSet: set }] : set.selections,
  )
  const { operation, uses } = writeFetch(document, selectionsOf(fields))
  const batches = groups.flatMap((group) => batchOf(cut, group))
  const variables = node.variables.filter((name) => uses.has(name))
  return node.kind === 'root' ? { ...node, operation, variables } : { ...node, operation, variables, batches }
}

function batchOf(cut: Cut, { batch, paths, set }: Group): readonly EntityBatch[] {
  if (!batch) return []
  const { requires } = batch.of
  const [only, second] = requires
  // What other fields of the sub-request required, these need not wait for.
  const lean = only?.kind === 'on' && !second && tellsBySelf(cut, set)
  const keys = lean && { requires: [{ ...only, inner: keysAmong(cut, only.type, only.inner) }] }
  return [{ ...batch.of, paths, ...keys }]
}

function tellsBySelf(cut: Cut, set: SelectionSetNode, scope: Scope = { name: '', types: [] }): boolean {
  return set.selections.every((node) => {
    if (node.kind === Kind.FIELD)
      return isKeyField(cut, scope, node.name.value) || tellsAll(cut, scope, node.name.value) !== undefined
    if (node.kind === Kind.FRAGMENT_SPREAD) return false
    return tellsBySelf(cut, node.selectionSet, narrowed(scope, node.typeCondition?.name.value, cut.types))
  })
}

function keysAmong(cut: Cut, type: string, requires: readonly Requirement[]): readonly Requirement[] {
  const scope = scopeOf(type, cut.types)
  return requires.filter((one) => one.kind === 'field' && isKeyField(cut, scope, one.from))
}

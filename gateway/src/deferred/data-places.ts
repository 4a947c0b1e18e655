import { Kind, type SelectionNode, type SelectionSetNode } from 'graphql'
import { renames } from '../engine/rewrites.ts'
import { responseKey } from '../guards/fields-in-place.ts'
import type { EntityFetchNode, PathSegment, Requirement } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import type { Piece } from './cut-fetch.ts'

/** Places in the fetched data where values stand, through lists, as text. */
export type DataPlaces = ReadonlySet<string>

/** What a sub-request needs of the entities it is for. */
export function placesWanted({ batches }: EntityFetchNode): DataPlaces {
  const wanted = new Set<string>()
  const add = (place: string, requires: readonly Requirement[]): void => {
    for (const one of requires)
      if (one.kind === 'on') add(place, one.inner)
      else if (one.inner) add(`${place}/${one.from}`, one.inner)
      else wanted.add(`${place}/${one.from}`)
  }
  for (const { paths, requires } of batches) for (const path of paths) add(placeText(path), requires)
  return wanted
}

/** What a sub-request brings. */
export function placesTold({ node, asked }: Piece, types: PossibleTypes): DataPlaces {
  const isRoot = node.kind === 'root'
  const rewrites = isRoot ? node.outputRewrites : node.batches.flatMap((one) => one.outputRewrites)
  const telling: Telling = { told: new Set(), names: renames(rewrites), types }
  for (const { paths, set } of asked)
    for (const path of paths) tell(telling, set, { place: placeText(path), entity: isRoot ? undefined : '' })
  return telling.told
}

interface Telling {
  readonly told: Set<string>
  /** Keys that the answer has and the data has not: what they become. */
  readonly names: ReadonlyMap<string, string>
  readonly types: PossibleTypes
}

interface Here {
  readonly place: string
  /** The type by which the entity is asked for that stands right here. */
  readonly entity: string | undefined
}

function tell(telling: Telling, set: SelectionSetNode, here: Here): void {
  for (const node of set.selections) tellOne(telling, node, here)
}

function tellOne(telling: Telling, node: SelectionNode, { place, entity }: Here): void {
  const { told, names, types } = telling
  if (node.kind === Kind.FRAGMENT_SPREAD) return
  if (node.kind === Kind.INLINE_FRAGMENT) {
    const condition = node.typeCondition?.name.value ?? entity
    tell(telling, node.selectionSet, { place, entity: entity === undefined ? undefined : condition })
    return
  }
  const key = responseKey(node)
  const below = `${place}/${names.get(key) ?? key}`
  // Whoever asks for an entity of a concrete type knows its type already.
  const isKnown = key === '__typename' && entity !== undefined && types.isObjectType(entity)
  if (node.selectionSet) tell(telling, node.selectionSet, { place: below, entity: undefined })
  else if (!isKnown) told.add(below)
}

function placeText(path: readonly PathSegment[]): string {
  return path.map((segment) => (segment.kind === 'field' ? `/${segment.name}` : '')).join('')
}

import type { FieldGroup } from '../engine/collect-fields.ts'
import { type DataObject, isObject } from '../engine/data.ts'
import { keysOf } from '../engine/places.ts'
import type { GraphError } from '../refusal.ts'
import { type Delivery, type Made, objectsIn, type Piece } from './delivery.ts'
import type { Part } from './read-parts.ts'

/** Fields of one object that the client has not got yet. */
export interface Gap {
  /** As the client has it. */
  readonly object: DataObject
  readonly made: Made
  readonly fields: readonly FieldGroup[]
  readonly reason: GraphError | undefined
}

/**
 * What a part still has to bring to an object that the client has, and to objects below that it has as well: fields
 * that came with other parts do not come again.
 */
export function gapsIn(
  delivery: Delivery,
  part: Part,
  object: DataObject,
  reasonAbove?: GraphError,
): readonly Gap[] {
  const made = delivery.made.get(object)
  if (!made) return []
  const reason = reasonAbove ?? made.reason
  const mine = made.groups.filter((group) => delivery.fields.has(part, group))
  const fresh = mine.filter(({ shownKey }) => !Object.hasOwn(object, shownKey))
  const below = mine.flatMap((group) => {
    const why = delivery.run.book.reasonFor(made.value, group.key) ?? reason
    return objectsIn(object[group.shownKey]).flatMap((inner) => gapsIn(delivery, part, inner, why))
  })
  if (fresh.length === 0) return below
  return [{ object, made, fields: delivery.fields.only(fresh, part), reason }, ...below]
}

/** Why something may be missing in a piece: what is above it may have failed since its place was told. */
export function reasonAt({ run }: Delivery, { part, path }: Piece): GraphError | undefined {
  const keys = part.path.values()
  let reason: GraphError | undefined
  let here: unknown = run.root
  for (const step of path) {
    const key = typeof step === 'number' ? step : (keys.next().value ?? step)
    if (isObject(here)) reason = run.book.reasonFor(here, String(key)) ?? reason
    here = isObject(here) || Array.isArray(here) ? Reflect.get(here, key) : undefined
  }
  return reason
}

/**
 * The pieces that can be announced once a part was written in one place: of each part within it, one wherever it
 * stands below and has something to bring. Where it has not, the parts within it take its place.
 */
export function piecesWithin(delivery: Delivery, part: Part, object: DataObject): readonly Piece[] {
  const depth = part.path.length
  return delivery.fields.within(part).flatMap((inner) =>
    objectsAt(delivery, object, inner.path.slice(depth)).flatMap((found) => {
      if (gapsIn(delivery, inner, found).length === 0) return piecesWithin(delivery, inner, found)
      const path = pathOf(delivery, found)
      return [{ part: inner, id: `${delivery.announced++}`, object: found, path }]
    }),
  )
}

function pathOf({ made }: Delivery, object: DataObject): Piece['path'] {
  const path = made.get(object)?.path
  return path ? keysOf(path) : []
}

function objectsAt(delivery: Delivery, object: DataObject, path: readonly string[]): readonly DataObject[] {
  const { shownKeys } = delivery.plan.planned
  let here: readonly DataObject[] = [object]
  for (const key of path) here = here.flatMap((one) => objectsIn(one[shownKeys.get(key) ?? key]))
  return here
}

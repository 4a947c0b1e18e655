import type { FieldNode } from 'graphql'
import type { DataPath } from '../engine/data.ts'
import type { PlacedError } from '../engine/error-book.ts'
import { visiblePart } from '../engine/places.ts'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import type { GraphError } from '../refusal.ts'
import type { Delivery } from './delivery.ts'
import type { Part } from './read-parts.ts'

/** Errors that subgraphs placed, and where the client sees them; the same for all pieces of a part. */
export type SeenErrors = readonly SeenError[]

interface SeenError {
  readonly placed: PlacedError
  /** As the client has it; shorter where the error is in a field that only the plan asks for. */
  readonly path: DataPath
  /** That have the field there. */
  readonly parts: ReadonlySet<Part>
}

export function seenErrors(delivery: Delivery, placed: readonly PlacedError[]): SeenErrors {
  return placed.flatMap((one) => {
    const seen = delivery.shownErrors.has(one) ? undefined : seenError(delivery, one)
    return seen ? [seen] : []
  })
}

/**
 * Each error in the piece that has its field. One that came to light with a later part, in a place that was told
 * before, is shown with the later part.
 */
export function takeErrors(
  delivery: Delivery,
  seen: SeenErrors,
  piece: { readonly part: Part; readonly path: DataPath },
): readonly GraphError[] {
  const { shownErrors } = delivery
  const mine = seen.filter((one) => !shownErrors.has(one.placed) && isOf(delivery, one, piece))
  return mine.map(({ placed, path }) => {
    shownErrors.add(placed)
    return { ...placed.error, path }
  })
}

function seenError({ plan, fields, run }: Delivery, placed: PlacedError): SeenError | undefined {
  const { collect, operation } = plan
  const path = visiblePart(placed.path, { collect, root: operation.selectionSet, data: run.root })
  if (!path) return undefined
  let sets = [operation.selectionSet]
  let here: readonly FieldNode[] = []
  for (const key of placed.path.slice(0, path.length))
    if (typeof key === 'string') {
      here = fieldsInPlace(sets, collect.fragments).filter((field) => responseKey(field) === key)
      sets = here.flatMap((field) => field.selectionSet ?? [])
    }
  return { placed, path, parts: new Set(here.map((field) => fields.standsFor(plan.partOf(field)))) }
}

function isOf(
  { fields }: Delivery,
  seen: SeenError,
  { part, path }: { readonly part: Part; readonly path: DataPath },
): boolean {
  const isBelow = beginsWith(seen.path, path)
  if (seen.parts.has(part) || part.parent === undefined)
    return isBelow && (seen.parts.size === 0 || seen.parts.has(part))
  if (!isBelow && !beginsWith(path, seen.path)) return false
  for (let outer: Part | undefined = part.parent; outer; outer = outer.parent)
    if (seen.parts.has(fields.standsFor(outer))) return true
  return seen.parts.size === 0
}

function beginsWith(path: DataPath, start: DataPath): boolean {
  return start.every((key, i) => path[i] === key)
}

/** No more errors than one answer may have, but as many as must be there. */
export function limitErrors(
  delivery: Delivery,
  errors: readonly GraphError[],
  least = 0,
): readonly GraphError[] {
  const shown = errors.slice(0, Math.max(least, delivery.errorsLeft))
  delivery.errorsLeft = Math.max(0, delivery.errorsLeft - shown.length)
  return shown
}

import type { FieldNode } from 'graphql'
import type { DataPath } from '../engine/data.ts'
import type { PlacedError } from '../engine/error-book.ts'
import { visiblePart } from '../engine/places.ts'
import { fieldsInPlace, responseKey } from '../guards/fields-in-place.ts'
import type { GraphError } from '../refusal.ts'
import type { Delivery } from './delivery.ts'
import type { Part } from './read-parts.ts'

/**
 * Errors that subgraphs placed, each in the piece that has its field. One that came to light with a later part, in a
 * place that was told before, is shown with the later part.
 */
export function takeErrors(
  delivery: Delivery,
  { part, path }: { readonly part: Part; readonly path: DataPath },
): readonly GraphError[] {
  const { progress, fields, shownErrors } = delivery
  return progress.placedFor(fields.maskOf(part)).flatMap((placed) => {
    if (shownErrors.has(placed)) return []
    const seen = visiblePlace(delivery, placed)
    if (!seen || !isOf(delivery, seen, { part, path })) return []
    shownErrors.add(placed)
    return [{ ...placed.error, path: seen.path }]
  })
}

interface VisiblePlace {
  /** As the client has it; shorter where the error is in a field that only the plan asks for. */
  readonly path: DataPath
  /** That have the field there. */
  readonly parts: ReadonlySet<Part>
}

function visiblePlace({ plan, fields, run }: Delivery, { path }: PlacedError): VisiblePlace | undefined {
  const { collect, operation } = plan
  const shown = visiblePart(path, { collect, root: operation.selectionSet, data: run.root })
  let sets = [operation.selectionSet]
  let here: readonly FieldNode[] = []
  for (const key of path.slice(0, shown?.length))
    if (typeof key === 'string') {
      here = fieldsInPlace(sets, collect.fragments).filter((field) => responseKey(field) === key)
      sets = here.flatMap((field) => field.selectionSet ?? [])
    }
  return shown && { path: shown, parts: new Set(here.map((field) => fields.standsFor(plan.partOf(field)))) }
}

function isOf(
  { fields }: Delivery,
  seen: VisiblePlace,
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

/** No more errors than one answer may have. */
export function limitErrors(delivery: Delivery, errors: readonly GraphError[]): readonly GraphError[] {
  const shown = errors.slice(0, delivery.errorsLeft)
  delivery.errorsLeft -= shown.length
  return shown
}

import { type DataObject, type DataPath, emptyObject } from '../engine/data.ts'
import { createPlaces, keysOf } from '../engine/places.ts'
import { completeFields, type Projection } from '../engine/project.ts'
import type { GraphError } from '../refusal.ts'
import type { Delivery, Piece } from './delivery.ts'
import { type Gap, gapsIn } from './find-pieces.ts'
import { limitErrors, takeErrors } from './part-errors.ts'
import type { Part } from './read-parts.ts'

/** The answer's first part as data; null when a null travelled up to the root. */
export interface FirstPart {
  readonly data: DataObject | null
  readonly errors: readonly GraphError[]
}

export function writeFirst(delivery: Delivery): FirstPart {
  const { plan, run, fields, progress, shownReasons } = delivery
  const [part] = plan.parts
  const projection = projectionOf(delivery, part)
  const chosen = fields.only(plan.groups, part)
  const root = { type: plan.rootType, value: run.root, path: undefined, reason: undefined }
  const data = completeFields(projection, { ...root, fields: chosen }) ?? null
  const placed = takeErrors(delivery, { part, path: [] })
  const unshown = progress.unshownFor(part.bit, shownReasons)
  for (const error of unshown) shownReasons.add(error)
  return { data, errors: limitErrors(delivery, [...placed, ...projection.errors, ...unshown]) }
}

/** What one piece brings to one object, as the client is told of it. */
export interface Increment {
  readonly id: string
  /** From the piece's own place. */
  readonly subPath?: DataPath
  /** From the root: not in the form of today, and how clients of the one before find the place. */
  readonly path: DataPath
  readonly data: DataObject
  readonly errors?: readonly GraphError[]
}

/** What comes of a piece: increments, or the errors because of which a null travelled up to its own place. */
export type Written =
  | { readonly increments: readonly Increment[]; readonly errors?: never }
  | { readonly errors: readonly GraphError[]; readonly increments?: never }

/** The client has what is written: it must be put into words before anything else is written. */
export function writePiece(delivery: Delivery, piece: Piece): Written {
  const projection = projectionOf(delivery, piece.part)
  const filled = gapsIn(delivery, piece.part, piece.object).map((gap) => ({
    gap,
    data: completeFields(projection, { ...gap.made, fields: gap.fields, reason: gap.reason }),
  }))
  const placed = takeErrors(delivery, piece)
  const errors = limitErrors(delivery, [...placed, ...projection.errors])
  if (filled.some(({ data }) => !data)) return { errors }
  const increments = filled.flatMap(({ gap, data }) => (data ? [increment(piece, gap, data)] : []))
  for (const { gap, data } of filled) Object.assign(gap.object, data)
  return { increments: withErrors(piece, increments, errors) }
}

function increment({ id, path }: Piece, { made }: Gap, data: DataObject): Increment {
  const whole = made.path ? keysOf(made.path) : []
  const subPath = whole.slice(path.length)
  return { id, ...(subPath.length > 0 && { subPath }), path: whole, data }
}

function withErrors(
  { id, path }: Piece,
  increments: readonly Increment[],
  errors: readonly GraphError[],
): readonly Increment[] {
  if (errors.length === 0) return increments
  const [first = { id, path, data: emptyObject() }, ...more] = increments
  return [{ ...first, errors }, ...more]
}

function projectionOf({ plan, run, progress, fields, made, shownReasons }: Delivery, part: Part): Projection {
  const { schema } = run.parts
  const { planned } = plan
  const placed = progress.placedFor(fields.maskOf(part))
  return {
    schema,
    planned,
    variables: run.request.variables,
    places: createPlaces(placed, {
      collect: plan.collect,
      root: plan.operation.selectionSet,
      data: run.root,
    }),
    reasonFor: run.book.reasonFor,
    errors: [],
    shown: shownReasons,
    note: (answer, place) => void made.set(answer, { ...place, groups: fields.all(place.fields) }),
  }
}

import { type DataObject, type DataPath, emptyObject } from '../engine/data.ts'
import { type AskedAndFetched, createPlaces, keysOf, placeMentioned } from '../engine/places.ts'
import { completeFields, type Projection } from '../engine/project.ts'
import { type GraphError, graphError } from '../refusal.ts'
import type { Delivery, Piece } from './delivery.ts'
import { type Gap, gapsIn, reasonAt } from './find-pieces.ts'
import { limitErrors, type SeenErrors, seenErrors, takeErrors } from './part-errors.ts'
import type { Part } from './read-parts.ts'

/** The answer's first part as data; null when a null travelled up to the root. */
export interface FirstPart {
  readonly data: DataObject | null
  readonly errors: readonly GraphError[]
}

export function writeFirst(delivery: Delivery): FirstPart {
  const { plan, run, fields, progress, shownReasons } = delivery
  const [part] = plan.parts
  const writing = startWriting(delivery, part)
  const { projection } = writing
  const chosen = fields.only(plan.groups, part)
  const root = { type: plan.rootType, value: run.root, path: undefined, reason: undefined }
  const data = completeFields(projection, { ...root, fields: chosen }) ?? null
  const placed = takeErrors(delivery, writing.seen, { part, path: [] })
  const unshown = progress.unshownFor(part.bit, shownReasons)
  for (const { error } of unshown) shownReasons.add(error)
  const mentioned = placeMentioned(unshown, askedAndFetched(delivery))
  return { data, errors: limitErrors(delivery, [...placed, ...projection.errors, ...mentioned]) }
}

export function askedAndFetched({ plan, run }: Delivery): AskedAndFetched {
  return { collect: plan.collect, root: plan.operation.selectionSet, data: run.root }
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
  | { readonly piece: Piece; readonly increments: readonly Increment[]; readonly errors?: never }
  | { readonly piece: Piece; readonly errors: readonly GraphError[]; readonly increments?: never }

/** All pieces of a part, one after another: each must be put into words before the next is written. */
export function* writePieces(delivery: Delivery, part: Part, pieces: readonly Piece[]): Iterable<Written> {
  const writing = startWriting(delivery, part)
  for (const piece of pieces) yield writePiece(delivery, piece, writing)
}

function writePiece(delivery: Delivery, piece: Piece, { projection, seen }: Writing): Written {
  const gaps = gapsIn(delivery, piece.part, piece.object, reasonAt(delivery, piece))
  const filled = gaps.map((gap) => ({
    gap,
    data: completeFields(projection, { ...gap.made, fields: gap.fields, reason: gap.reason }),
  }))
  const found = [...takeErrors(delivery, seen, piece), ...projection.errors.splice(0)]
  if (filled.some(({ data }) => !data)) return { piece, errors: failure(delivery, piece, found) }
  const errors = limitErrors(delivery, found)
  const increments = filled.flatMap(({ gap, data }) => (data ? [increment(piece, gap, data)] : []))
  for (const { gap, data } of filled) Object.assign(gap.object, data)
  return { piece, increments: withErrors(piece, increments, errors) }
}

/** What explains it may have been shown before; a piece that could not be had has a reason of its own. */
function failure(delivery: Delivery, { path }: Piece, errors: readonly GraphError[]): readonly GraphError[] {
  return limitErrors(delivery, errors.length > 0 ? errors : [{ ...LACKING, path }], 1)
}

const LACKING = graphError('NULL_NOT_ALLOWED', 'A field that cannot be null has no value here.')

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

interface Writing {
  readonly projection: Projection
  readonly seen: SeenErrors
}

function startWriting(delivery: Delivery, part: Part): Writing {
  const { plan, run, progress, fields, made, shownReasons } = delivery
  const placed = progress.placedFor(fields.maskOf(part))
  const projection: Projection = {
    schema: run.parts.schema,
    planned: plan.planned,
    variables: run.request.variables,
    places: createPlaces(placed, askedAndFetched(delivery)),
    reasonFor: run.book.reasonFor,
    errors: [],
    shown: shownReasons,
    note: (answer, place) => void made.set(answer, { ...place, groups: fields.all(place.fields) }),
  }
  return { projection, seen: seenErrors(delivery, placed) }
}

import { emptyObject } from '../engine/data.ts'
import type { AnswerParts, EngineParts, ExecutionRequest } from '../engine/engine.ts'
import { createErrorBook } from '../engine/error-book.ts'
import { placeMentioned } from '../engine/places.ts'
import { type GraphError, graphError } from '../refusal.ts'
import { type Delivery, isReady, type Piece, type PlanInParts, startDelivery } from './delivery.ts'
import { piecesWithin } from './find-pieces.ts'
import { limitErrors } from './part-errors.ts'
import type { Part } from './read-parts.ts'
import { askedAndFetched, type Written, writeFirst, writePieces } from './write-part.ts'

/** An answer of which parts come later. */
export interface DeferredAnswer extends AnswerParts {
  /** What comes later. Nothing: the answer is whole. */
  readonly pending: readonly PendingPiece[]
  /** One JSON text after another, as soon as there is something to tell. Never rejects. */
  readonly later: AsyncIterable<string>
  /** Nobody waits any longer: no sub-request is sent any more, and nothing is told. */
  stop(): void
  /** When all was told, or nobody waits. */
  readonly ended: Promise<void>
}

interface PendingPiece {
  readonly id: string
  readonly path: readonly (string | number)[]
  readonly label?: string
}

/** Resolves with the first part; its data must be put into words before anything later is asked for. */
export async function runInParts(
  parts: EngineParts,
  { plan, most }: { readonly plan: PlanInParts; readonly most: number },
  request: ExecutionRequest,
): Promise<DeferredAnswer> {
  const root = emptyObject()
  root['__typename'] = plan.rootType.name
  const run = { parts, request, root, book: createErrorBook() }
  const delivery = startDelivery(run, plan, most)
  const [first] = plan.parts
  while (!isReady(delivery, first)) await delivery.progress.next()
  const { data, errors } = writeFirst(delivery)
  const pieces = data ? piecesWithin(delivery, first, data) : []
  announce(delivery, pieces)
  const end = Promise.withResolvers<void>()
  const stop = (): void => {
    delivery.progress.stop()
    end.resolve()
  }
  if (pieces.length === 0) stop()
  const pending = pieces.map(shownPiece)
  return { data, errors, pending, later: tellLater(delivery, stop), stop, ended: end.promise }
}

function announce({ waiting, begun }: Delivery, pieces: readonly Piece[]): void {
  for (const [part, more] of Map.groupBy(pieces, (piece) => piece.part)) {
    waiting.set(part, [...(waiting.get(part) ?? []), ...more])
    begun.add(part)
  }
}

function shownPiece({ id, path, part: { label } }: Piece): PendingPiece {
  return { id, path, ...(label !== undefined && { label }) }
}

async function* tellLater(delivery: Delivery, stop: () => void): AsyncGenerator<string, void, void> {
  const { waiting, progress, run } = delivery
  try {
    while (waiting.size > 0 && !progress.isStopped) {
      const ready = [...waiting.keys()].filter((part) => isReady(delivery, part))
      if (ready.length > 0) yield payload(delivery, ready)
      else await progress.next()
    }
  } catch (reason) {
    const { correlationId } = run.request.context
    run.parts.log.error({ err: reason, correlationId }, 'the gateway failed')
    yield failed(delivery, correlationId)
  } finally {
    stop()
  }
}

interface Told {
  readonly written: Written
  /** Its increments as JSON: later ones change the objects in them. */
  readonly texts: readonly string[]
}

function payload(delivery: Delivery, parts: readonly Part[]): string {
  const told = parts.flatMap((part) => tellPieces(delivery, part))
  const pending = told.flatMap(({ written: { piece, increments } }) =>
    increments ? piecesWithin(delivery, piece.part, piece.object) : [],
  )
  announce(delivery, pending)
  const hasNext = delivery.waiting.size > 0
  const incremental = [...told.flatMap(({ texts }) => texts), ...(hasNext ? [] : lastErrors(delivery, told))]
  const completed = told.map(({ written: { piece, errors } }) => ({
    id: piece.id,
    ...(errors && { errors }),
  }))
  const members = [
    ...(pending.length > 0 ? [`"pending":${JSON.stringify(pending.map(shownPiece))}`] : []),
    ...(incremental.length > 0 ? [`"incremental":[${incremental.join()}]`] : []),
    `"completed":${JSON.stringify(completed)}`,
    `"hasNext":${hasNext}`,
  ]
  return `{${members.join()}}`
}

function tellPieces(delivery: Delivery, part: Part): readonly Told[] {
  const pieces = delivery.waiting.get(part) ?? []
  const told: Told[] = []
  for (const written of writePieces(delivery, part, pieces))
    told.push({ written, texts: written.increments?.map((one) => JSON.stringify(one)) ?? [] })
  delivery.waiting.delete(part)
  return told
}

/** What went wrong without a place, and without leaving a null anywhere that the client has come to know. */
function lastErrors(delivery: Delivery, last: readonly Told[]): readonly string[] {
  const { progress, shownReasons, begun, fields } = delivery
  const told = [...begun].reduce((mask, part) => mask | fields.maskOf(part), 0n)
  const errors = limitErrors(
    delivery,
    placeMentioned(progress.unshownFor(told, shownReasons), askedAndFetched(delivery)),
  )
  const piece = last.findLast(({ written }) => written.increments)?.written.piece
  return piece && errors.length > 0
    ? [JSON.stringify({ id: piece.id, path: piece.path, data: {}, errors })]
    : []
}

function failed({ waiting }: Delivery, correlationId: string): string {
  const errors: readonly GraphError[] = [graphError('GATEWAY_FAILED', FAILED, { correlationId })]
  const pieces = [...waiting.values()].flat()
  waiting.clear()
  return JSON.stringify({ completed: pieces.map(({ id }) => ({ id, errors })), hasNext: false })
}

const FAILED = 'Something went wrong in the gateway. Report the correlation id.'

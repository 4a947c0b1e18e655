import type { ServerResponse } from 'node:http'
import { type Answer, jsonOf, type Reply } from '../answer-response.ts'
import { type StreamParts, write } from './event-stream.ts'
import { chooseAnswerType } from './media-type.ts'
import { remembered } from './remembered.ts'

/**
 * Whether a caller takes an answer in parts, in the one form that is spoken here: `multipart/mixed`, alone or with
 * `incrementalSpec=v0.2`, and not liked less than JSON. `deferSpec=20220824` is an older form.
 */
export function acceptsParts(accept: string | undefined): boolean {
  return accept !== undefined && likesParts(accept)
}

const likesParts = remembered((accept: string): boolean => {
  const ranges = accept.split(',').slice(0, MOST_RANGES).map(readRange)
  const parts = ranges.find(({ name, given }) => name === 'multipart/mixed' && isSpoken(given))
  const json = ranges.filter(({ name }) => chooseAnswerType(name) !== undefined)
  return parts !== undefined && parts.quality > 0 && json.every(({ quality }) => quality <= parts.quality)
})

const MOST_RANGES = 20

interface Range {
  readonly name: string
  readonly given: ReadonlyMap<string, string>
  readonly quality: number
}

function readRange(range: string): Range {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const given = new Map(parameters.map((parameter) => readParameter(parameter)))
  const quality = Number(given.get('q') ?? 1)
  return { name, given, quality: Number.isFinite(quality) ? quality : 0 }
}

function readParameter(text: string): readonly [string, string] {
  const [name = '', value = ''] = text.split('=').map((part) => part.trim())
  return [name, value.replaceAll('"', '')]
}

function isSpoken(given: Range['given']): boolean {
  return !given.has('deferspec') && (given.get('incrementalspec') ?? SPEC) === SPEC
}

const SPEC = 'v0.2'

/** Whether a reply is to be sent by `sendParts`. */
export function hasLater(answer: Answer): boolean {
  return 'json' in answer && answer.later !== undefined
}

/**
 * Sends an answer and what comes later, one part of `multipart/mixed` each
 * (https://github.com/graphql/graphql-over-http/blob/main/rfcs/IncrementalDelivery.md). The boundary after a part
 * goes with it, so that a client need not wait for the next to know that it is whole. When the client goes, the rest
 * is not worked out. Resolves at the end.
 */
export async function sendParts(
  { limits, clock }: StreamParts,
  response: ServerResponse,
  { answer, status, correlationId }: Reply,
): Promise<void> {
  const later = 'json' in answer ? answer.later : undefined
  const waiting = { clock, ms: limits.subscriptions.writeMs }
  if (response.destroyed) return later?.stop()
  if (later) response.on('close', later.stop)
  response.writeHead(status, {
    'content-type': `multipart/mixed; boundary="-"; incrementalSpec=${SPEC}`,
    'cache-control': 'no-store',
    // Proxies that collect answers before they pass them on are asked not to.
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
  })
  await write(response, `${BOUNDARY}${partOf(jsonOf(answer))}`, waiting)
  for await (const text of later?.texts ?? [])
    await write(response, partOf(Buffer.from(text).toString('latin1')), waiting)
  response.end('--\r\n')
}

const BOUNDARY = '\r\n---'

/** JSON on one line cannot hold the boundary, which begins with a line's end. */
function partOf(json: string): string {
  return `\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${json}${BOUNDARY}`
}

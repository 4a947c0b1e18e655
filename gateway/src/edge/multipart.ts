import type { ServerResponse } from 'node:http'
import { type Answer, jsonOf, type Reply } from '../answer-response.ts'
import { INCREMENTAL_SPEC } from './accept.ts'
import { type StreamParts, write } from './event-stream.ts'

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
    'content-type': `multipart/mixed; boundary="-"; incrementalSpec=${INCREMENTAL_SPEC}`,
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

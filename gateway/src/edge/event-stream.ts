import type { ServerResponse } from 'node:http'
import type { Clock, Timer } from '@stoa/platform/clock'
import { jsonOf, type Reply } from '../answer-response.ts'
import type { Limits } from '../limits.ts'
import type { EventStream } from '../subscriptions/streams.ts'

export interface StreamParts {
  readonly limits: Limits
  readonly clock: Clock
}

/**
 * Sends a subscription as server-sent events, one stream for it alone: `next` with each answer, then `complete`
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, distinct connections). Resolves at its end.
 */
export async function sendEvents(
  { limits, clock }: StreamParts,
  response: ServerResponse,
  { items, correlationId }: EventStream,
): Promise<void> {
  const { keepAliveMs, writeMs } = limits.subscriptions
  response.on('close', () => void items.return())
  // The client may have left while its source was asked.
  if (response.destroyed) return void (await items.return())
  begin(response, correlationId)
  using _alive = keepAlive(response, clock, keepAliveMs)
  for await (const item of items) {
    const json = 'json' in item ? item.json : jsonOf({ body: { errors: item.errors } })
    await write(response, eventText(json), { clock, ms: writeMs })
  }
  response.end(COMPLETE)
}

/** A single answer for those who take nothing but events. */
export function sendSingleEvent(response: ServerResponse, { answer, correlationId }: Reply): void {
  begin(response, correlationId)
  response.end(eventText(jsonOf(answer)) + COMPLETE, 'latin1')
}

function begin(response: ServerResponse, correlationId: string | undefined): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Proxies that collect answers before they pass them on are asked not to.
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
  })
  // Nothing may happen for a while, and until then a client would seem to be without an answer.
  response.write(COMMENT)
}

const COMMENT = ':\n\n'
const COMPLETE = 'event: complete\ndata:\n\n'

/** JSON that a subgraph wrote over several lines stays so. */
function eventText(json: string): string {
  return `event: next\ndata: ${json.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
}

/** Resolves when there is room for more; a client that does not read in time is cut off. */
export async function write(
  response: ServerResponse,
  text: string,
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
): Promise<void> {
  if (response.destroyed || response.write(text, 'latin1')) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const late = clock.schedule(clock.now() + ms, () => response.destroy())
  response.once('drain', resolve).once('close', resolve)
  await promise
  response.off('drain', resolve).off('close', resolve)
  late.cancel()
}

function keepAlive(response: ServerResponse, clock: Clock, ms: number): Disposable {
  let timer: Timer
  const beat = (): void => {
    if (!response.writableNeedDrain) response.write(COMMENT)
    timer = clock.schedule(clock.now() + ms, beat)
  }
  timer = clock.schedule(clock.now() + ms, beat)
  return { [Symbol.dispose]: () => timer.cancel() }
}

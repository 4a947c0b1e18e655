import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, Timer } from './clock.ts'
import type { Log } from './log.ts'
import type { SubgraphResponse } from './subgraph.ts'

/** Whether a caller asks for an answer in parts. */
export function wantsEvents({ headers }: IncomingMessage): boolean {
  return headers.accept?.split(';')[0]?.trim().toLowerCase() === 'text/event-stream'
}

const KEEP_ALIVE_MS = 15_000

/** Aborted when the caller is gone, or nothing more is to be told. */
export function leaving(response: ServerResponse): AbortSignal {
  const left = new AbortController()
  response.on('close', () => left.abort())
  if (response.destroyed) left.abort()
  return left.signal
}

/**
 * Sends answers as server-sent events: `next` with each, then `complete`
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, distinct connections). A gateway that reads
 * slowly is waited for; it bounds what waits, and leaves. Never rejects: what breaks breaks the stream off.
 */
export async function sendEvents(
  response: ServerResponse,
  answers: AsyncIterable<SubgraphResponse>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  using _alive = keepAlive(response, clock)
  try {
    for await (const answer of answers) {
      const hasRoom = response.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`)
      if (!hasRoom) await untilRoom(response)
    }
    response.end('event: complete\ndata:\n\n')
  } catch (reason) {
    log.error({ err: reason }, 'A stream of events broke')
    response.destroy()
  }
}

function untilRoom(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
    if (response.destroyed) go()
  })
}

function keepAlive(response: ServerResponse, clock: Clock): Disposable {
  let timer: Timer
  const beat = (): void => {
    if (!response.writableNeedDrain) response.write(':\n\n')
    timer = clock.schedule(clock.now() + KEEP_ALIVE_MS, beat)
  }
  timer = clock.schedule(clock.now() + KEEP_ALIVE_MS, beat)
  return { [Symbol.dispose]: () => timer.cancel() }
}

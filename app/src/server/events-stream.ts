import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'

/** Shows the bus live to whoever has the events page open. */
export interface EventsStream extends AsyncDisposable {
  /** Server-sent events: the last 50 first, then each as it is told. */
  readonly stream: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

const MAX_VIEWERS = 100
const RECENT = 50
/** A viewer that does not read loses its connection instead of filling our memory. */
const MAX_BUFFERED_BYTES = 1_000_000

export async function openEventsStream(bus: EventBus): Promise<EventsStream> {
  const viewers = new Set<ServerResponse>()
  const subscription = await bus.subscribe({
    name: 'app.live-view',
    pattern: { source: [{ exists: true }] },
    from: 'latest',
    handle: async (event) => {
      for (const viewer of viewers) show(viewer, event)
    },
  })
  return {
    async stream(request, response) {
      if (viewers.size >= MAX_VIEWERS) return refuse(response)
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      const recent = await bus.archive({ limit: RECENT, descending: true })
      for (const event of recent.events.toReversed()) show(response, event)
      viewers.add(response)
      request.on('close', () => viewers.delete(response))
    },
    async [Symbol.asyncDispose]() {
      for (const viewer of viewers) viewer.end()
      await subscription[Symbol.asyncDispose]()
    },
  }
}

function show(viewer: ServerResponse, event: Envelope): void {
  if (viewer.writableLength > MAX_BUFFERED_BYTES) return void viewer.destroy()
  viewer.write(`id: ${event.id}\ndata: ${JSON.stringify(publicView(event))}\n\n`)
}

/** What a page may show: which fact, about what, when. Names, addresses and tokens stay on the bus. */
function publicView(event: Envelope): object {
  const { id, source, type, at, stream, version, meta } = event
  return {
    id,
    source,
    type,
    at,
    stream,
    version,
    correlationId: meta.correlationId,
    imported: meta.imported === true,
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '30' })
  response.end(
    JSON.stringify({ code: 'OVERLOADED', message: `${MAX_VIEWERS} viewers watch already. Try again later.` }),
  )
}

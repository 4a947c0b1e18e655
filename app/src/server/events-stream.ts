import type { ServerResponse } from 'node:http'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { type Handler, sendProblem } from './router.ts'

/** Shows the bus live to whoever has the events page open. */
export interface EventsStream extends AsyncDisposable {
  /** Server-sent events: the last 50 first, then each as it is told, each once. */
  readonly stream: Handler
  /** Ends what would never end by itself. */
  endAll(): void
}

interface Viewer {
  readonly response: ServerResponse
  /** What came while the last 50 were being read; absent once they are shown. */
  waiting?: Envelope[]
}

const MAX_VIEWERS = 100
const RECENT = 50
/** A viewer that does not read loses its connection instead of filling our memory. */
const MAX_BUFFERED_BYTES = 1_000_000
const MAX_WAITING = 10_000

export async function openEventsStream(bus: EventBus): Promise<EventsStream> {
  const viewers = new Set<Viewer>()
  const subscription = await bus.subscribe({
    name: 'app.live-view',
    pattern: { source: [{ exists: true }] },
    from: 'latest',
    handle: async (event) => {
      for (const viewer of viewers) tell(viewer, event)
    },
  })
  const endAll = (): void => {
    for (const { response } of viewers) response.end()
  }
  return {
    endAll,
    async stream(request, response) {
      if (viewers.size >= MAX_VIEWERS) return refuse(response)
      response.writeHead(200, HEADERS)
      if (request.method === 'HEAD') return void response.end()
      // Nothing may happen for a while, and a page that waits for its first fact would seem to be without connection.
      response.flushHeaders()
      const viewer: Viewer = { response, waiting: [] }
      viewers.add(viewer)
      response.on('close', () => viewers.delete(viewer))
      await showRecent(bus, viewer)
    },
    async [Symbol.asyncDispose]() {
      endAll()
      await subscription[Symbol.asyncDispose]()
    },
  }
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
}

async function showRecent(bus: EventBus, viewer: Viewer): Promise<void> {
  const { events } = await bus.archive({ limit: RECENT, descending: true })
  const shown = new Set(events.map((event) => event.id))
  const missed = viewer.waiting?.filter((event) => !shown.has(event.id)) ?? []
  for (const event of [...events.toReversed(), ...missed]) show(viewer.response, event)
  delete viewer.waiting
}

function tell({ response, waiting }: Viewer, event: Envelope): void {
  if (!waiting) show(response, event)
  else if (waiting.length < MAX_WAITING) waiting.push(event)
  else response.destroy()
}

function show(response: ServerResponse, event: Envelope): void {
  if (response.destroyed || response.writableEnded) return
  if (response.writableLength > MAX_BUFFERED_BYTES) return void response.destroy()
  response.write(`id: ${event.id}\ndata: ${JSON.stringify(publicView(event))}\n\n`)
}

/** What a page may show: which fact, about what, when. Names, addresses and tokens stay on the bus. */
function publicView(event: Envelope): object {
  const { id, source, type, at, stream, version, meta } = event
  const imported = meta.imported === true
  const about = impersonal(event.data)
  return { id, source, type, at, stream, version, correlationId: meta.correlationId, imported, about }
}

/** A closed list: what is not on it may be about a person. */
const IMPERSONAL = ['orderNumber', 'sku', 'productId', 'locationId', 'quantity', 'carrier', 'market'] as const
/** Codes such as NO_STOCK; a reason in words may have been typed by somebody. */
const CODE = /^[A-Z][A-Z_]+$/

const MOST_SKUS = 5

function impersonal(data: Envelope['data']): Readonly<Record<string, string | number>> {
  const { reason, lines } = data
  const plain = IMPERSONAL.map((name) => [name, data[name]])
  const coded = typeof reason === 'string' && CODE.test(reason) ? [['reason', reason]] : []
  const skus = Array.isArray(lines) ? lines.map(skuOf) : []
  const listed = skus.length > 0 ? [['skus', skus.slice(0, MOST_SKUS).join(', ')]] : []
  const all = [...plain, ...coded, ...listed]
  return Object.fromEntries(all.filter(([, value]) => typeof value === 'string' || typeof value === 'number'))
}

function skuOf(line: unknown): string {
  return typeof line === 'object' && line !== null && 'sku' in line ? String(line.sku) : ''
}

function refuse(response: ServerResponse): void {
  response.setHeader('retry-after', '30')
  sendProblem(response, 503, {
    code: 'OVERLOADED',
    message: `${MAX_VIEWERS} viewers watch already. Try again later.`,
  })
}

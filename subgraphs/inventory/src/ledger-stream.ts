import type { RecordedEvent } from '@stoa/platform/event'
import type { EventStore } from '@stoa/platform/event-store'
import type { EventOf, EventStockPosting } from '@stoa/schema/events'
import { asStockFact } from './store/stock-table.ts'

/** One line of the ledger. */
export interface LedgerLine extends EventStockPosting {
  readonly sku: string
  readonly movement: EventOf<'StockMoved'>['data']['movement']
  readonly reference: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Null while the SKU was not spread. */
  readonly shard: number | null
}

/** Where it stands in its stream: the version of its event, its index in the postings. */
type Place = readonly [version: number, index: number]

export interface LedgerStream {
  /** The next line, if it was read. */
  next(): LedgerLine | undefined
  take(): LedgerLine | undefined
  /** Reads on where no line waits. */
  read(): Promise<void>
  /** Whether there may be lines that were not read. */
  hasMore(): boolean
  /** Behind what was taken, and behind what was passed over: here the next page goes on. */
  place(): Place
}

export interface LedgerStreamOptions {
  readonly store: EventStore
  readonly stream: string
  /** Events a read. */
  readonly limit: number
  readonly from: Place
  readonly locationId: string | undefined
}

export function openLedgerStream(options: LedgerStreamOptions): LedgerStream {
  const { store, stream, limit, from, locationId } = options
  // The event the last page ended in may have postings left.
  let after = Math.max(0, from[0] - 1)
  let more = true
  let lines: readonly { readonly line: LedgerLine; readonly place: Place }[] = []
  let taken = 0
  return {
    next: () => lines[taken]?.line,
    take() {
      taken += 1
      return lines[taken - 1]?.line
    },
    async read() {
      if (taken < lines.length || !more) return
      const events = await store.load(stream, { after, limit })
      taken = 0
      lines = events
        .flatMap(linesOf)
        .filter(({ place }) => isBehind(place, from))
        .filter(({ line }) => locationId === undefined || line.locationId === locationId)
      after = events.at(-1)?.version ?? after
      more = events.length === limit
    },
    hasMore: () => more,
    place() {
      const waiting = lines[taken]?.place
      if (waiting) return [waiting[0], waiting[1] - 1]
      // Nothing was read yet, or everything that was.
      return lines.length === 0 && after < from[0] ? from : [after + 1, -1]
    },
  }
}

function linesOf(event: RecordedEvent) {
  const fact = asStockFact(event)
  if (fact.type !== 'StockMoved') return []
  const { sku, movement, reference, postings, shard = null } = fact.data
  const head = { sku, movement, reference, at: event.at, shard }
  return postings.map((posting, i) => {
    const place: Place = [event.version, i]
    return { line: { ...head, ...posting }, place }
  })
}

function isBehind(place: Place, from: Place): boolean {
  return place[0] > from[0] || (place[0] === from[0] && place[1] > from[1])
}

import type { RecordedEvent } from '@stoa/platform/event'
import type { EventStore } from '@stoa/platform/event-store'
import {
  type Connection,
  connectionOf,
  encodeCursor,
  type PageArguments,
  readPage,
} from '@stoa/platform/graph'
import type { EventOf, EventStockPosting } from '@stoa/schema/events'
import { asStockFact, stockStream } from './store/stock-table.ts'

/** One line of the ledger, and where it stands. */
export interface LedgerLine extends EventStockPosting {
  readonly sku: string
  readonly movement: EventOf<'StockMoved'>['data']['movement']
  readonly reference: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Version of its event, index in its postings. */
  readonly place: readonly [number, number]
}

export interface LedgerArguments extends PageArguments {
  readonly sku: string
  readonly locationId?: string | null
}

/** How many events one page may cost: a quiet location among busy ones is found over several pages. */
const EVENTS_PER_READ = 500
const MAX_READS = 4

/** Postings of one SKU, oldest first, straight from its stream. */
export async function readLedger(store: EventStore, args: LedgerArguments): Promise<Connection<LedgerLine>> {
  const page = readPage(args)
  const [version = 0, index = -1] = (page.after ?? []).map(Number)
  const lines: LedgerLine[] = []
  // The event the last page ended in may have postings left.
  let after = Math.max(0, version - 1)
  let more = true
  for (let read = 0; read < MAX_READS && more && lines.length <= page.first; read++) {
    const events = await store.load(stockStream(args.sku), { after, limit: EVENTS_PER_READ })
    const fresh = events.flatMap(linesOf).filter((line) => isBehind(line, [version, index]))
    lines.push(...fresh.filter((line) => !args.locationId || line.locationId === args.locationId))
    after = events.at(-1)?.version ?? after
    more = events.length === EVENTS_PER_READ
  }
  const items = lines.slice(0, page.first + 1)
  const connection = connectionOf({
    page,
    items,
    keyOf: ({ place }) => place,
    hasNextPage: items.length > page.first || more,
  })
  return more && items.length <= page.first ? endingAt(connection, after) : connection
}

function linesOf(event: RecordedEvent): readonly LedgerLine[] {
  const fact = asStockFact(event)
  if (fact.type !== 'StockMoved') return []
  const { sku, movement, reference, postings } = fact.data
  const head = { sku, movement, reference, at: event.at }
  return postings.map((posting, i) => ({ ...head, ...posting, place: [event.version, i] }))
}

function isBehind({ place }: LedgerLine, [version, index]: readonly [number, number]): boolean {
  return place[0] > version || (place[0] === version && place[1] > index)
}

/** A page that was cut short by its budget goes on behind the last event it looked at. */
function endingAt(connection: Connection<LedgerLine>, version: number): Connection<LedgerLine> {
  return { ...connection, pageInfo: { ...connection.pageInfo, endCursor: encodeCursor([version + 1, -1]) } }
}

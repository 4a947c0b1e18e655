import type { EventStore } from '@stoa/platform/event-store'
import {
  type Connection,
  connectionOf,
  encodeCursor,
  type PageArguments,
  readPage,
} from '@stoa/platform/graph'
import { shardName } from './domain/shards.ts'
import { type LedgerLine, type LedgerStream, openLedgerStream } from './ledger-stream.ts'
import { readStockRow, skuKey, stockStream } from './store/stock-table.ts'

export interface LedgerArguments extends PageArguments {
  readonly sku: string
  readonly locationId?: string | null
}

/** A line of the ledger, and where every stream stands behind it: two numbers each. */
interface PlacedLine {
  readonly line: LedgerLine
  readonly places: readonly number[]
}

/** How many events one page may cost: a quiet location among busy ones is found over several pages. */
const EVENTS_PER_READ = 500
const MAX_READS = 4

/**
 * Postings of one SKU, oldest first, straight from its streams: one, or as many as it was ever spread over. Those are
 * merged by their time, each in its own order, and a cursor says where each stands.
 */
export async function readLedger(store: EventStore, args: LedgerArguments): Promise<Connection<LedgerLine>> {
  const page = readPage(args)
  const streams = await openStreams(store, args, (page.after ?? []).map(Number))
  const found = await collect(streams, page.first + 1)
  const more = streams.some((stream) => stream.hasMore())
  const connection = connectionOf({
    page,
    items: found,
    keyOf: ({ places }) => places,
    hasNextPage: found.length > page.first || more,
  })
  const cutShort = more && found.length <= page.first
  return linesOf(cutShort ? endingAt(connection, placesOf(streams)) : connection)
}

async function openStreams(
  store: EventStore,
  { sku, locationId }: LedgerArguments,
  places: readonly number[],
): Promise<readonly LedgerStream[]> {
  const { widest } = readStockRow(await store.get(skuKey(sku))).stock
  return Array.from({ length: widest }, (_, shard) =>
    openLedgerStream({
      store,
      stream: stockStream(shardName(sku, shard)),
      limit: Math.ceil(EVENTS_PER_READ / widest),
      from: [places[2 * shard] ?? 0, places[2 * shard + 1] ?? -1],
      locationId: locationId ?? undefined,
    }),
  )
}

async function collect(streams: readonly LedgerStream[], count: number): Promise<readonly PlacedLine[]> {
  const found: PlacedLine[] = []
  for (let read = 0; read < MAX_READS && found.length < count; read++) {
    await Promise.all(streams.map((stream) => stream.read()))
    while (found.length < count) {
      const line = takeNext(streams)
      if (!line) break
      found.push({ line, places: placesOf(streams) })
    }
  }
  return found
}

/** The oldest of the next lines; none while the next one of any stream is not known. */
function takeNext(streams: readonly LedgerStream[]): LedgerLine | undefined {
  if (streams.some((stream) => !stream.next() && stream.hasMore())) return undefined
  const waiting = streams.filter((stream) => stream.next())
  const [first, ...others] = waiting
  if (!first) return undefined
  return others.reduce((oldest, stream) => (atOf(stream) < atOf(oldest) ? stream : oldest), first).take()
}

function atOf(stream: LedgerStream): number {
  return stream.next()?.at ?? 0
}

function placesOf(streams: readonly LedgerStream[]): readonly number[] {
  return streams.flatMap((stream) => stream.place())
}

/** A page that was cut short by its budget goes on behind the last event it looked at. */
function endingAt(connection: Connection<PlacedLine>, places: readonly number[]): Connection<PlacedLine> {
  return { ...connection, pageInfo: { ...connection.pageInfo, endCursor: encodeCursor(places) } }
}

function linesOf({ edges, nodes, ...rest }: Connection<PlacedLine>): Connection<LedgerLine> {
  return {
    ...rest,
    edges: edges.map(({ cursor, node }) => ({ cursor, node: node.line })),
    nodes: nodes.map(({ line }) => line),
  }
}

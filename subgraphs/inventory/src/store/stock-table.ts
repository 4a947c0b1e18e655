import type { RecordedEvent } from '@stoa/platform/event'
import type { EventStore } from '@stoa/platform/event-store'
import type { Row, RowKey, RowVersion, RowWrite } from '@stoa/platform/table-store'
import { isShard0 } from '../domain/shards.ts'
import { evolveStock, noStock, type Stock, type StockFact } from '../domain/stock.ts'
import { decodeLevels, encodeLevels } from '../domain/stock-code.ts'

/** The stock of a SKU, or of a shard of it, and the stream version it is true for. */
export interface StockRecord {
  readonly stock: Stock
  readonly version: number
}

/** As it was read; the row must still be so where nothing but the row is written. */
export interface LoadedStock extends StockRecord {
  readonly expect: 'absent' | RowVersion
}

const PAGE = 1000

/** By the name of a SKU or shard (see shardName). */
export function stockStream(name: string): string {
  return `stock-${name}`
}

/** Shards have a table of their own, so that nothing called a SKU can be one, and each a partition of its own. */
export function stockKey(name: string): RowKey {
  return isShard0(name) ? skuKey(name) : { table: 'stock-shards', partition: name, sort: 'now' }
}

export function skuKey(sku: string): RowKey {
  return { table: 'stock', partition: sku, sort: 'now' }
}

/** What the stream says at one version, so that nobody folds it: written with the events it follows from. */
export function stockRow(name: string, { stock, version }: StockRecord): RowWrite {
  const { announced: promise, shards, widest } = stock
  const spread = widest > 1 ? { shards, widest } : {}
  return { ...stockKey(name), value: { version, promise, levels: encodeLevels(stock), ...spread } }
}

export function readStockRow(row: Row | undefined): LoadedStock {
  if (!row) return absent
  const levels = decodeLevels(String(row.value['levels'] ?? ''))
  const widest = Number(row.value['widest'] ?? 1)
  const stock = { levels, announced: readPromise(row), shards: readShards(row), widest }
  return { stock, version: Number(row.value['version']), expect: { version: row.version } }
}

const absent: LoadedStock = { stock: noStock, version: 0, expect: 'absent' }

/** Units that may be promised of a SKU that is not spread, without decoding the levels. */
export function readPromise(row: Row | undefined): number {
  return Number(row?.value['promise'] ?? 0)
}

/** Over how many shards a SKU is spread, from its row. */
export function readShards(row: Row | undefined): number {
  return Number(row?.value['shards'] ?? 1)
}

/** One round trip for all rows; the streams named in `behind` are read on from where their row ends. */
export async function loadStocks(
  store: EventStore,
  names: readonly string[],
  behind: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LoadedStock>> {
  const rows = names.length > 0 ? await store.getMany(names.map(stockKey)) : []
  const records = names.map((name, i) => {
    const record = readStockRow(rows[i])
    return behind.has(stockStream(name)) ? catchUp(store, name, record) : record
  })
  const loaded = await Promise.all(records)
  return new Map(names.map((name, i) => [name, loaded[i] ?? absent]))
}

async function catchUp(store: EventStore, name: string, record: LoadedStock): Promise<LoadedStock> {
  let { stock, version } = record
  for (;;) {
    const events = await store.load(stockStream(name), { after: version, limit: PAGE })
    for (const event of events) stock = evolveStock(stock, asStockFact(event))
    version = events.at(-1)?.version ?? version
    if (events.length < PAGE) return { ...record, stock, version }
  }
}

export function asStockFact({ type, data }: RecordedEvent): StockFact {
  // Only this subgraph appends to stock streams, and only stock facts.
  return { type, data } as unknown as StockFact
}

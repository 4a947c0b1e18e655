import type { RecordedEvent } from '@stoa/platform/event'
import type { EventStore } from '@stoa/platform/event-store'
import type { Row, RowKey, RowVersion, RowWrite } from '@stoa/platform/table-store'
import { evolveStock, noStock, type Stock, type StockFact } from '../domain/stock.ts'
import { decodeLevels, encodeLevels } from '../domain/stock-code.ts'

/** The stock of a SKU and the stream version it is true for. */
export interface StockRecord {
  readonly stock: Stock
  readonly version: number
}

/** As it was read; the row must still be so where nothing but the row is written. */
export interface LoadedStock extends StockRecord {
  readonly expect: 'absent' | RowVersion
}

const PAGE = 1000

export function stockStream(sku: string): string {
  return `stock-${sku}`
}

export function stockKey(sku: string): RowKey {
  return { table: 'stock', partition: sku, sort: 'now' }
}

/** What the stream says at one version, so that nobody folds it: written with the events it follows from. */
export function stockRow(sku: string, { stock, version }: StockRecord): RowWrite {
  return { ...stockKey(sku), value: { version, promise: stock.announced, levels: encodeLevels(stock) } }
}

export function readStockRow(row: Row | undefined): LoadedStock {
  if (!row) return absent
  const levels = decodeLevels(String(row.value['levels'] ?? ''))
  const stock = { levels, announced: readPromise(row) }
  return { stock, version: Number(row.value['version']), expect: { version: row.version } }
}

const absent: LoadedStock = { stock: noStock, version: 0, expect: 'absent' }

/** Units that may be promised, without decoding the levels. */
export function readPromise(row: Row | undefined): number {
  return Number(row?.value['promise'] ?? 0)
}

/** One round trip for all rows; the streams named in `behind` are read on from where their row ends. */
export async function loadStocks(
  store: EventStore,
  skus: readonly string[],
  behind: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LoadedStock>> {
  const rows = skus.length > 0 ? await store.getMany(skus.map(stockKey)) : []
  const records = skus.map((sku, i) => {
    const record = readStockRow(rows[i])
    return behind.has(stockStream(sku)) ? catchUp(store, sku, record) : record
  })
  const loaded = await Promise.all(records)
  return new Map(skus.map((sku, i) => [sku, loaded[i] ?? absent]))
}

async function catchUp(store: EventStore, sku: string, record: LoadedStock): Promise<LoadedStock> {
  let { stock, version } = record
  for (;;) {
    const events = await store.load(stockStream(sku), { after: version, limit: PAGE })
    for (const event of events) stock = evolveStock(stock, asStockFact(event))
    version = events.at(-1)?.version ?? version
    if (events.length < PAGE) return { ...record, stock, version }
  }
}

export function asStockFact({ type, data }: RecordedEvent): StockFact {
  // Only this subgraph appends to stock streams, and only stock facts.
  return { type, data } as unknown as StockFact
}

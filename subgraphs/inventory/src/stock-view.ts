import type { Row, TableStore } from '@stoa/platform/table-store'
import { mergeShards, shardName } from './domain/shards.ts'
import { availableToPromise, type Level } from './domain/stock.ts'
import { readPromise, readShards, readStockRow, skuKey, stockKey } from './store/stock-table.ts'

/** What can be read of the stock of a SKU, over all its shards. */
export interface StockView {
  readonly availableToPromise: number
  /** By location; decoded when asked for. */
  readonly levels: () => ReadonlyMap<string, Level>
}

/** One batch of reads, and one more for the shards of whatever is spread. */
export async function readStockViews(
  store: TableStore,
  skus: readonly string[],
): Promise<readonly StockView[]> {
  const rows = await store.getMany(skus.map(skuKey))
  const counts = skus.map((sku, i) => [sku, readShards(rows[i])] as const)
  const spread = counts.filter(([, count]) => count > 1)
  if (spread.length === 0) return rows.map(viewOf)
  const shards = await readShardRows(store, new Map(spread))
  return skus.map((sku, i) => {
    const found = shards.get(sku)
    return found ? viewOfShards(found) : viewOf(rows[i])
  })
}

async function readShardRows(
  store: TableStore,
  spread: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, readonly (Row | undefined)[]>> {
  const names = [...spread].flatMap(([sku, count]) => {
    return Array.from({ length: count }, (_, shard) => shardName(sku, shard))
  })
  const rows = await store.getMany(names.map(stockKey))
  let from = 0
  const found = [...spread].map(([sku, count]) => {
    const own = rows.slice(from, from + count)
    from += count
    return [sku, own] as const
  })
  return new Map(found)
}

function viewOf(row: Row | undefined): StockView {
  return { availableToPromise: readPromise(row), levels: () => readStockRow(row).stock.levels }
}

function viewOfShards(rows: readonly (Row | undefined)[]): StockView {
  const whole = mergeShards(rows.map((row, number) => ({ number, stock: readStockRow(row).stock })))
  return { availableToPromise: availableToPromise(whole), levels: () => whole.levels }
}

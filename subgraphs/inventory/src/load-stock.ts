import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import type { Random } from '@stoa/platform/random'
import { alone, isShard0, type Shard, shardName } from './domain/shards.ts'
import { noStock } from './domain/stock.ts'
import { loadStocks, type StockRecord } from './store/stock-table.ts'

/** Stock as a command may look at it. */
export interface LoadedStocks {
  readonly skus: readonly string[]
  /** By the name of a SKU or shard. */
  readonly records: ReadonlyMap<string, StockRecord>
  /** Of the SKUs that are spread: what was read of them. */
  readonly shards: ReadonlyMap<string, readonly Shard[]>
}

export interface StockQuestion {
  readonly skus: readonly string[]
  /** Streams whose rows are behind them. */
  readonly behind: ReadonlySet<string>
  /** Of some SKUs: read so many shards at least, even if it is not spread over so many. */
  readonly least?: ReadonlyMap<string, number>
}

/** A SKU that is spread further between two reads is read again. */
const MAX_READS = 3
const none: ReadonlyMap<string, number> = new Map()

/** Every shard of what is spread, in one batch. What is not spread costs what it always did: one read of all rows. */
export async function loadWhole(store: EventStore, question: StockQuestion): Promise<LoadedStocks> {
  const { skus, behind, least = none } = question
  let records = await loadStocks(store, skus.map(checkSku), behind)
  for (let read = 0; read < MAX_READS; read++) {
    const counts = countShards(skus, records, least)
    const names = [...counts].flatMap(([sku, count]) => namesOf(sku, count))
    if (names.every((name) => records.has(name))) return { skus, records, shards: shardsIn(counts, records) }
    records = new Map([...records, ...(await loadStocks(store, names, behind))])
  }
  throw new Fault('CONFLICT', `${skus.join(', ')} is being spread over more shards. Try again.`)
}

/** One shard by chance of each SKU that is spread: enough for nearly every order, and the others are left in peace. */
export async function loadByChance(
  { store, random }: { readonly store: EventStore; readonly random: Random },
  { skus, behind }: StockQuestion,
): Promise<LoadedStocks> {
  const main = await loadStocks(store, skus.map(checkSku), behind)
  const picks = [...countShards(skus, main, none)].map(([sku, count]) => {
    return { sku, number: Math.floor(random.next() * count) }
  })
  const names = picks.filter(({ number }) => number > 0).map(({ sku, number }) => shardName(sku, number))
  const records = names.length > 0 ? new Map([...main, ...(await loadStocks(store, names, behind))]) : main
  const shards = picks.map(({ sku, number }) => {
    const stock = records.get(shardName(sku, number))?.stock ?? noStock
    return [sku, [alone({ number, stock }, records.get(sku)?.stock ?? noStock)]] as const
  })
  return { skus, records, shards: new Map(shards) }
}

/** Whoever takes from the first shard that has enough must not meet everybody else there. */
export function startAnywhere(loaded: LoadedStocks, random: Random): LoadedStocks {
  const turned = [...loaded.shards].map(([sku, shards]) => {
    const from = Math.floor(random.next() * shards.length)
    return [sku, [...shards.slice(from), ...shards.slice(0, from)]] as const
  })
  return { ...loaded, shards: new Map(turned) }
}

function countShards(
  skus: readonly string[],
  records: ReadonlyMap<string, StockRecord>,
  least: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const counts = skus.map((sku) => {
    return [sku, Math.max(least.get(sku) ?? 1, records.get(sku)?.stock.shards ?? 1)] as const
  })
  return new Map(counts.filter(([, count]) => count > 1))
}

function namesOf(sku: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => shardName(sku, number))
}

function shardsIn(
  counts: ReadonlyMap<string, number>,
  records: ReadonlyMap<string, StockRecord>,
): ReadonlyMap<string, readonly Shard[]> {
  const found = [...counts].map(([sku, count]) => {
    const shards = namesOf(sku, count).map((name, number) => {
      return { number, stock: records.get(name)?.stock ?? noStock }
    })
    return [sku, shards] as const
  })
  return new Map(found)
}

/** A fact that names a shard as its SKU must not reach that shard's stream behind the back of its SKU. */
function checkSku(sku: string): string {
  if (isShard0(sku)) return sku
  throw new Fault('BAD_REQUEST', `Expected a SKU such as "TEE-0001-M", got "${sku}".`)
}

import { type Level, levelAt, noStock, promisable, type Stock } from './stock.ts'

/**
 * A SKU that very many want at once is spread over shards: whole ledgers, each a stream and a row of its own, so that
 * orders contend on one of them only. No account of a shard falls below zero, hence none of their sum. Shard 0 is the
 * ledger of every SKU; it keeps the safety stock and says how many shards there are.
 */
export interface Shard {
  readonly number: number
  readonly stock: Stock
}

export const MAX_SHARDS = 16

/** No SKU has it (see parseSku). */
const MARK = '~'

/** By what the stream and the row of a shard are named: the SKU for shard 0, `TEE~3` for others. */
export function shardName(sku: string, shard: number): string {
  return shard === 0 ? sku : `${sku}${MARK}${shard}`
}

export function isShard0(name: string): boolean {
  return !name.includes(MARK)
}

/** The shards together, as the one ledger that a SKU has else. */
export function mergeShards(shards: readonly Shard[]): Stock {
  const main = shards.find(({ number }) => number === 0)?.stock ?? noStock
  if (shards.length === 1) return shards[0]?.stock ?? noStock
  const levels = new Map<string, Level>()
  for (const { stock } of shards)
    for (const [locationId, level] of stock.levels)
      levels.set(locationId, added(levels.get(locationId), level))
  return { ...main, levels }
}

function added(sum: Level | undefined, level: Level): Level {
  if (!sum) return level
  return {
    available: sum.available + level.available,
    reserved: sum.reserved + level.reserved,
    safety: sum.safety + level.safety,
    missing: sum.missing + level.missing,
    shelfAt: Math.max(sum.shelfAt, level.shelfAt),
  }
}

/** What one shard may promise by itself: it holds back what shard 0 lacks of the safety stock. */
export function alone({ number, stock }: Shard, main: Stock): Shard {
  if (number === 0) return { number, stock }
  const levels = new Map<string, Level>()
  for (const [locationId, level] of stock.levels) {
    const { safety, available } = levelAt(main, locationId)
    levels.set(locationId, { ...level, safety: Math.max(0, safety - available) })
  }
  return { number, stock: { ...stock, levels } }
}

/** Units of each shard at a location that may be promised. */
export function freeUnits(shards: readonly Shard[], locationId: string): { shard: number; units: number }[] {
  return shards.map(({ number, stock }) => ({
    shard: number,
    units: promisable(levelAt(stock, locationId)),
  }))
}

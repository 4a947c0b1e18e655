import { shardTag, type World } from './decision.ts'
import { type Shard, shardName } from './shards.ts'
import { evolveStock, type Level, levelAt, noStock, type Stock, type StockFact } from './stock.ts'

type Facts = ReadonlyMap<string, readonly StockFact[]>

/**
 * Units that a count did not find are missing of the whole shelf, whichever orders hold them: who gives units back
 * makes up for them, in whatever shard. Each shard remembers a part of them; where these parts no longer sum
 * to the whole, they follow it, as a look at the shelf that moves nothing.
 */
export function settleMissing(world: World, facts: Facts): Facts {
  const settled = new Map(facts)
  for (const [sku, shards] of world.shards ?? []) {
    const before = world.stock.get(sku) ?? noStock
    if (!lacks(before)) continue
    for (const [name, more] of settleSku(world, { sku, before, shards, facts }))
      settled.set(name, [...(settled.get(name) ?? []), ...more])
  }
  return settled
}

function lacks({ levels }: Stock): boolean {
  return levels.values().some(({ missing }) => missing > 0)
}

interface Spread {
  readonly sku: string
  readonly before: Stock
  readonly shards: readonly Shard[]
  readonly facts: Facts
}

function settleSku(world: World, { sku, before, shards, facts }: Spread): ReadonlyMap<string, StockFact[]> {
  const factsOf = ({ number }: Shard): readonly StockFact[] => facts.get(shardName(sku, number)) ?? []
  const whole = shards.flatMap(factsOf).reduce(evolveStock, before)
  const after = shards.map((shard) => factsOf(shard).reduce(evolveStock, shard.stock))
  const looks = new Map<string, StockFact[]>()
  for (const [locationId, { missing }] of whole.levels) {
    const levels = after.map((stock) => levelAt(stock, locationId))
    const parts = shareMissing(missing, levels)
    for (const [i, level] of levels.entries()) {
      const part = parts[i] ?? 0
      const shard = shards[i]?.number ?? 0
      if (part === level.missing) continue
      const { available, reserved, shelfAt: countedAt } = level
      const counted = available + reserved - part
      const data = { sku, locationId, counted, reserved, missing: part, countedAt }
      const look: StockFact = { type: 'ShelfCounted', data: { ...data, ...shardTag(world, sku, shard) } }
      looks.getOrInsertComputed(shardName(sku, shard), () => []).push(look)
    }
  }
  return looks
}

/** As they are, but for as many as there are too many or too few; a shard misses no more than its orders hold. */
function shareMissing(missing: number, levels: readonly Level[]): readonly number[] {
  let change = levels.reduce((rest, level) => rest - level.missing, missing)
  return levels.map((level) => {
    const here = Math.max(-level.missing, Math.min(change, level.reserved - level.missing))
    change -= here
    return level.missing + here
  })
}

import { err, ok, type Result } from '@stoa/platform/result'
import {
  type Decision,
  moved,
  movements,
  type SkuPosting,
  shardsOf,
  shardTag,
  type World,
} from './decision.ts'
import { divide } from './divide.ts'
import { type Shard, shardName } from './shards.ts'
import { levelAt, noStock, promisable, type Stock, type StockFact } from './stock.ts'

/** Spreads a SKU over so many shards, evens them out, or with 1 gathers it again. */
export interface Spread {
  readonly kind: 'spread'
  readonly reference: string
  readonly sku: string
  /** 1 to 16. */
  readonly shards: number
}

export type SpreadRefusal =
  | { readonly code: 'UNKNOWN_SKU'; readonly message: string }
  | { readonly code: 'SHARDS_HELD'; readonly message: string; readonly held: number }

/** Only units that nobody holds are moved, so shards end only when orders hold nothing in them. */
export function spread(world: World, command: Spread): Result<Decision, SpreadRefusal> {
  const { sku, shards, reference } = command
  const whole = world.stock.get(sku) ?? noStock
  if (whole.levels.size === 0) return err(unknown(sku))
  const all = shardsOf(world, sku).toSorted((a, b) => a.number - b.number)
  const held = all
    .filter(({ number }) => number >= shards)
    .reduce((sum, { stock }) => sum + unitsHeld(stock), 0)
  if (held > 0) return err(shardsHeld(command, held))
  const movement = shards < whole.shards ? 'GATHERED' : 'SPREAD'
  const stock = movements(world, { movement, reference }, postings(all, command, whole))
  for (const { number } of all.slice(shards, whole.shards))
    stock.getOrInsertComputed(shardName(sku, number), () => [ended(world, command, number)])
  if (shards !== whole.shards)
    stock.set(sku, [...(stock.get(sku) ?? []), spreadFact(command, whole, all[0]?.stock ?? noStock)])
  return ok({ stock, facts: [] })
}

/** A movement of no units, so that a shard which looked empty must still be so when it ends. */
function ended(world: World, { sku, reference }: Spread, shard: number): StockFact {
  return moved({ sku, movement: 'GATHERED', reference, postings: [], ...shardTag(world, sku, shard) })
}

function unitsHeld({ levels }: Stock): number {
  return levels.values().reduce((sum, { reserved }) => sum + reserved, 0)
}

function postings(all: readonly Shard[], { sku, shards }: Spread, whole: Stock): readonly SkuPosting[] {
  const even = Array.from({ length: shards }, () => 1)
  // Single units of many locations must not all come to the first shards.
  let first = 0
  return [...whole.levels].flatMap(([locationId, level]) => {
    const free = promisable(level)
    const parts = divide(free, even)
    const from = first
    first += free % shards
    return all.map(({ number, stock }) => {
      const safety = number === 0 ? level.available - free : 0
      const part = number < shards ? (parts[(number + shards - (from % shards)) % shards] ?? 0) : 0
      const change = safety + part - levelAt(stock, locationId).available
      const way =
        change > 0
          ? ({ from: 'TRANSFER', to: 'AVAILABLE' } as const)
          : ({ from: 'AVAILABLE', to: 'TRANSFER' } as const)
      return { sku, shard: number, posting: { locationId, ...way, quantity: Math.abs(change) } }
    })
  })
}

/** What is known of shelves must outlive the shards that knew it, or a late count would undo what they shipped. */
function spreadFact({ sku, shards }: Spread, whole: Stock, main: Stock): StockFact {
  const shelves = [...whole.levels]
    .filter(([locationId, { shelfAt }]) => shelfAt > levelAt(main, locationId).shelfAt)
    .map(([locationId, { shelfAt }]) => ({ locationId, at: shelfAt }))
  return { type: 'StockSpread', data: { sku, shards, ...(shelves.length > 0 && { shelves }) } }
}

function unknown(sku: string): SpreadRefusal {
  const message = `There is no stock of "${sku}". Check the SKU, and import or count its stock first.`
  return { code: 'UNKNOWN_SKU', message }
}

function shardsHeld({ sku, shards }: Spread, held: number): SpreadRefusal {
  const found = `Expected no order to hold ${sku} in shards above ${shards - 1}, which would end, but ${held} are held there.`
  const message = `${found} Wait until these orders have shipped or ended, and try again.`
  return { code: 'SHARDS_HELD', message, held }
}

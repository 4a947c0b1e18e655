import type { EventStockMovement } from '@stoa/schema/events'
import { type Decision, moved, nothing, shardsOf, shardTag, type World } from './decision.ts'
import { shardName } from './shards.ts'
import { shareShelf } from './share-shelf.ts'
import { type Level, levelAt, noStock, type StockFact } from './stock.ts'

/** Somebody counted a shelf, reserved units included. */
export interface Count {
  readonly kind: 'count'
  /** The event that told of it. */
  readonly reference: string
  readonly sku: string
  readonly locationId: string
  readonly counted: number
  /** Epoch milliseconds. */
  readonly countedAt: number
}

/**
 * A count older than the last look at that shelf is passed over: it does not know what happened since.
 * That also makes a count told twice harmless.
 */
export function count(world: World, command: Count): Decision {
  const { sku, locationId, counted, countedAt, reference } = command
  const level = levelAt(world.stock.get(sku) ?? noStock, locationId)
  if (countedAt <= level.shelfAt) return nothing
  const take: ShelfTake = { movement: 'COUNTED', sku, locationId, onHand: counted, at: countedAt, reference }
  return { stock: takeShelves(world, take), facts: [] }
}

/** A shelf of a SKU that is spread is shared out over its shards, and each takes its part as if it were alone. */
export function takeShelves(world: World, take: ShelfTake): ReadonlyMap<string, readonly StockFact[]> {
  const { sku, locationId } = take
  const shards = shardsOf(world, sku).map((shard) => ({ ...shard, level: levelAt(shard.stock, locationId) }))
  const parts = shareShelf(
    shards.map(({ level }) => level),
    take.onHand,
  )
  return new Map(
    shards.map(({ number, level }, i) => {
      const part = { ...take, onHand: parts[i] ?? 0, ...shardTag(world, sku, number) }
      return [shardName(sku, number), takeShelf(level, part)]
    }),
  )
}

export interface ShelfTake {
  readonly movement: Extract<EventStockMovement, 'COUNTED' | 'ADJUSTED'>
  readonly sku: string
  readonly locationId: string
  /** Units on the shelf, reserved ones included. */
  readonly onHand: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly reference: string
  readonly reason?: string
  readonly shard?: number
}

/**
 * Brings `available` to what the shelf holds beyond the reserved units. With fewer units than orders hold,
 * `available` becomes zero and the missing units are told, for a person to decide whose order waits:
 * no reservation is taken away by a count.
 */
function takeShelf(level: Level, take: ShelfTake): readonly StockFact[] {
  const { movement, sku, locationId, onHand, at, reference, reason, shard } = take
  const difference = Math.max(0, onHand - level.reserved) - level.available
  const quantity = Math.abs(difference)
  const posting =
    difference > 0
      ? ({ locationId, from: 'ADJUSTMENT', to: 'AVAILABLE', quantity } as const)
      : ({ locationId, from: 'AVAILABLE', to: 'ADJUSTMENT', quantity } as const)
  const why = { ...(reason !== undefined && { reason }), ...(shard !== undefined && { shard }) }
  const movements = quantity > 0 ? [moved({ sku, movement, reference, ...why, postings: [posting] })] : []
  const missing = Math.max(0, level.reserved - onHand)
  const counted = { counted: onHand, reserved: level.reserved, missing, countedAt: at }
  const where = { sku, locationId, ...(shard !== undefined && { shard }) }
  return [...movements, { type: 'ShelfCounted', data: { ...where, ...counted } }]
}

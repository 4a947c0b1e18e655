import type { EventStockMovement } from '@stoa/schema/events'
import { type Decision, moved, nothing, type World } from './decision.ts'
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
  return { stock: new Map([[sku, takeShelf(level, take)]]), facts: [] }
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
}

/**
 * Brings `available` to what the shelf holds beyond the reserved units. With fewer units than orders hold,
 * `available` becomes zero and the missing units are told, for a person to decide whose order waits:
 * no reservation is taken away by a count.
 */
export function takeShelf(level: Level, take: ShelfTake): readonly StockFact[] {
  const { movement, sku, locationId, onHand, at, reference, reason } = take
  const difference = Math.max(0, onHand - level.reserved) - level.available
  const quantity = Math.abs(difference)
  const posting =
    difference > 0
      ? ({ locationId, from: 'ADJUSTMENT', to: 'AVAILABLE', quantity } as const)
      : ({ locationId, from: 'AVAILABLE', to: 'ADJUSTMENT', quantity } as const)
  const why = reason === undefined ? {} : { reason }
  const movements = quantity > 0 ? [moved({ sku, movement, reference, ...why, postings: [posting] })] : []
  const missing = Math.max(0, level.reserved - onHand)
  const { reserved } = level
  return [
    ...movements,
    { type: 'ShelfCounted', data: { sku, locationId, counted: onHand, reserved, missing, countedAt: at } },
  ]
}

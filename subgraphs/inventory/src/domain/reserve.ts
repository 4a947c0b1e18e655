import { invariant } from '@stoa/platform/invariant'
import type { EventDelivery, EventQuantity, StockAllocation, StockShortage } from '@stoa/schema/events'
import { type Decision, movements, nothing, type World } from './decision.ts'
import type { Location } from './location.ts'
import { placeLines } from './place-lines.ts'
import { MAX_SHARDS } from './shards.ts'
import { sourceOrder } from './source-order.ts'

/** Holds stock for every line of an order, or for none. */
export interface Reserve {
  readonly kind: 'reserve'
  readonly orderId: string
  readonly lines: readonly EventQuantity[]
  readonly delivery: EventDelivery
  readonly locations: readonly Location[]
  /** When the hold lapses unless the order goes on, epoch milliseconds. */
  readonly expiresAt: number
}

/** One transaction holds 100 items; the reservation itself needs up to four of them. */
const MAX_STREAMS = 96

export function reserve(world: World, command: Reserve): Decision {
  if (world.reservation.status !== 'NONE') return nothing
  for (const { lineId, quantity } of command.lines) {
    invariant(
      Number.isSafeInteger(quantity) && quantity > 0,
      `line ${lineId} asks for ${quantity} units, not 1 or more`,
    )
  }
  // Better cancelled with the money back than stuck for ever: it cannot be held at once.
  if (world.stock.size > MAX_STREAMS) return reject(command.orderId, [])
  const sourced = sourceOrder({ ...command, stock: world.stock })
  if (!sourced.ok) return reject(command.orderId, sourced.error)
  const held = hold(world, command, sourced.value.allocations)
  if (held.stock.size + mostLooks(world, held) > MAX_STREAMS) return reject(command.orderId, [])
  return { ...held, reasons: sourced.value.reasons }
}

/**
 * What is held must fit into one transaction once more, when it is given back or shipped: where units are missing of a
 * SKU that is spread, each unit may move a part of them from one shard to another (see settleMissing).
 */
function mostLooks({ shards }: World, { reservation }: Decision): number {
  if (!shards || reservation?.status !== 'HELD') return 0
  const looks = reservation.held.flatMap(({ lines }) =>
    [...shards.keys()].map((sku) => {
      const units = lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0)
      return Math.min(MAX_SHARDS, units)
    }),
  )
  return looks.reduce((sum, most) => sum + most, 0)
}

function reject(orderId: string, shortages: readonly StockShortage[]): Decision {
  return {
    stock: new Map(),
    reservation: { status: 'REJECTED' },
    facts: [{ type: 'StockRejected', data: { orderId, shortages } }],
  }
}

function hold(
  world: World,
  { orderId, expiresAt }: Reserve,
  allocations: readonly StockAllocation[],
): Decision {
  const held = placeLines(world, allocations)
  const postings = held.flatMap(({ locationId, lines }) =>
    lines.map(({ sku, shard, quantity }) => ({
      sku,
      shard,
      posting: { locationId, from: 'AVAILABLE', to: 'RESERVED', quantity } as const,
    })),
  )
  return {
    stock: movements(world, { movement: 'RESERVED', reference: orderId }, postings),
    reservation: { status: 'HELD', held, shipments: [], expiresAt },
    facts: [{ type: 'StockReserved', data: { orderId, allocations } }],
  }
}

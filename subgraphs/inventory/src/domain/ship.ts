import type { EventQuantity, StockAllocation } from '@stoa/schema/events'
import { type Decision, movements, nothing, type SkuPosting, type World } from './decision.ts'
import { type Reservation, shipmentsOf } from './reservation.ts'
import { levelAt } from './stock.ts'

/** A shipment left its location. */
export interface Ship {
  readonly kind: 'ship'
  readonly orderId: string
  readonly shipmentId: string
  readonly locationId: string
  readonly lines: readonly EventQuantity[]
  /** Epoch milliseconds. */
  readonly shippedAt: number
}

/**
 * What left is gone, whatever we thought: held units go first, then units that were free,
 * and what the ledger did not know of is taken in as found, so that no account falls below zero.
 */
export function ship(world: World, command: Ship): Decision {
  const { shipmentId, shippedAt } = command
  if (shipmentsOf(world.reservation).includes(shipmentId)) return nothing
  const held = 'held' in world.reservation ? world.reservation.held : []
  const { taken, left } = takeHeld(held, command)
  return {
    stock: movements(
      { movement: 'SHIPPED', reference: shipmentId, occurredAt: shippedAt },
      postings(world, command, taken),
    ),
    reservation: afterwards(world.reservation, left, shipmentId),
    facts: [],
  }
}

interface HeldTaking {
  /** Held units this shipment takes, by index of its lines. */
  readonly taken: readonly number[]
  readonly left: readonly StockAllocation[]
}

function takeHeld(held: readonly StockAllocation[], { locationId, lines }: Ship): HeldTaking {
  const open = held.map((part) => ({ ...part, lines: part.lines.map((line) => ({ ...line })) }))
  const here = open.filter((part) => part.locationId === locationId).flatMap((part) => part.lines)
  const taken = lines.map((line) => {
    let units = 0
    for (const slot of here) {
      if (slot.lineId !== line.lineId || slot.sku !== line.sku) continue
      const part = Math.min(slot.quantity, line.quantity - units)
      slot.quantity -= part
      units += part
    }
    return units
  })
  return { taken, left: withoutEmpty(open) }
}

function withoutEmpty(allocations: readonly StockAllocation[]): readonly StockAllocation[] {
  return allocations
    .map((part) => ({ ...part, lines: part.lines.filter(({ quantity }) => quantity > 0) }))
    .filter((part) => part.lines.length > 0)
}

function postings(world: World, command: Ship, taken: readonly number[]): readonly SkuPosting[] {
  const { locationId } = command
  const free = new Map<string, number>()
  return command.lines.flatMap(({ sku, quantity }, i) => {
    const stock = world.stock.get(sku)
    const available = free.get(sku) ?? (stock ? levelAt(stock, locationId).available : 0)
    const held = taken[i] ?? 0
    const unheld = Math.min(available, quantity - held)
    free.set(sku, available - unheld)
    return [
      { sku, posting: { locationId, from: 'RESERVED', to: 'CUSTOMER', quantity: held } },
      { sku, posting: { locationId, from: 'AVAILABLE', to: 'CUSTOMER', quantity: unheld } },
      {
        sku,
        posting: { locationId, from: 'ADJUSTMENT', to: 'CUSTOMER', quantity: quantity - held - unheld },
      },
    ] as const
  })
}

function afterwards(before: Reservation, left: readonly StockAllocation[], shipmentId: string): Reservation {
  const shipments = [...shipmentsOf(before), shipmentId]
  if (before.status === 'HELD' && left.length > 0) return { ...before, held: left, shipments }
  return { status: before.status === 'RELEASED' ? 'RELEASED' : 'SHIPPED', shipments }
}

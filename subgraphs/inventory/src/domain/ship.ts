import type { EventQuantity } from '@stoa/schema/events'
import { type Decision, movements, nothing, type SkuPosting, shardsOf, type World } from './decision.ts'
import { type HeldAllocation, type Reservation, shipmentsOf } from './reservation.ts'
import { settleMissing } from './settle-missing.ts'
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
  const cause = { movement: 'SHIPPED', reference: shipmentId, occurredAt: shippedAt } as const
  return {
    stock: settleMissing(world, movements(world, cause, postings(world, command, taken))),
    reservation: afterwards(world.reservation, left, shipmentId),
    facts: [],
  }
}

interface Units {
  readonly shard: number
  readonly quantity: number
}

interface HeldTaking {
  /** Held units this shipment takes, by index of its lines. */
  readonly taken: readonly (readonly Units[])[]
  readonly left: readonly HeldAllocation[]
}

function takeHeld(held: readonly HeldAllocation[], { locationId, lines }: Ship): HeldTaking {
  const open = held.map((part) => ({ ...part, lines: part.lines.map((line) => ({ ...line })) }))
  const here = open.filter((part) => part.locationId === locationId).flatMap((part) => part.lines)
  const taken = lines.map((line) => {
    const parts: Units[] = []
    let open = line.quantity
    for (const slot of here) {
      if (slot.lineId !== line.lineId || slot.sku !== line.sku) continue
      const quantity = Math.min(slot.quantity, open)
      slot.quantity -= quantity
      open -= quantity
      parts.push({ shard: slot.shard ?? 0, quantity })
    }
    return parts
  })
  return { taken, left: withoutEmpty(open) }
}

function withoutEmpty(allocations: readonly HeldAllocation[]): readonly HeldAllocation[] {
  return allocations
    .map((part) => ({ ...part, lines: part.lines.filter(({ quantity }) => quantity > 0) }))
    .filter((part) => part.lines.length > 0)
}

function postings(
  world: World,
  { locationId, lines }: Ship,
  taken: readonly (readonly Units[])[],
): readonly SkuPosting[] {
  const free = new Map(lines.map(({ sku }) => [sku, onShelf(world, sku, locationId)]))
  return lines.flatMap(({ sku, quantity }, i): readonly SkuPosting[] => {
    const held = taken[i] ?? []
    const unheld = takeFree(free.get(sku) ?? [], quantity - sum(held))
    const found = quantity - sum(held) - sum(unheld)
    return [
      ...held.map((units) => leaving(sku, { locationId, from: 'RESERVED' }, units)),
      ...unheld.map((units) => leaving(sku, { locationId, from: 'AVAILABLE' }, units)),
      leaving(sku, { locationId, from: 'ADJUSTMENT' }, { shard: 0, quantity: found }),
    ]
  })
}

function leaving(
  sku: string,
  place: { readonly locationId: string; readonly from: 'RESERVED' | 'AVAILABLE' | 'ADJUSTMENT' },
  { shard, quantity }: Units,
): SkuPosting {
  return { sku, shard, posting: { ...place, to: 'CUSTOMER', quantity } }
}

/** Free units by shard, those of shard 0 first. */
function onShelf(world: World, sku: string, locationId: string): { shard: number; units: number }[] {
  return shardsOf(world, sku)
    .map(({ number, stock }) => ({ shard: number, units: levelAt(stock, locationId).available }))
    .sort((a, b) => a.shard - b.shard)
}

function takeFree(free: { shard: number; units: number }[], wanted: number): readonly Units[] {
  let open = wanted
  return free.map((source) => {
    const quantity = Math.min(source.units, open)
    source.units -= quantity
    open -= quantity
    return { shard: source.shard, quantity }
  })
}

function sum(units: readonly Units[]): number {
  return units.reduce((total, { quantity }) => total + quantity, 0)
}

function afterwards(before: Reservation, left: readonly HeldAllocation[], shipmentId: string): Reservation {
  const shipments = [...shipmentsOf(before), shipmentId]
  if (before.status === 'HELD' && left.length > 0) return { ...before, held: left, shipments }
  return { status: before.status === 'RELEASED' ? 'RELEASED' : 'SHIPPED', shipments }
}

import type { EventStockMovement } from '@stoa/schema/events'
import { type Decision, movements, nothing, type SkuPosting, type World } from './decision.ts'
import { type HeldAllocation, shipmentsOf } from './reservation.ts'
import { settleMissing } from './settle-missing.ts'
import { levelAt, type Stock } from './stock.ts'

/** Gives back whatever an order still holds. */
export interface Release {
  readonly kind: 'release'
  readonly orderId: string
  readonly reason: string
}

/** Gives back what was held too long for an order that never went on. */
export interface Expire {
  readonly kind: 'expire'
  readonly orderId: string
  /** Epoch milliseconds. */
  readonly now: number
}

/** The order went on: what it holds lapses no more. */
export interface Keep {
  readonly kind: 'keep'
  readonly orderId: string
}

/** Before anything was held it leaves a tombstone, so that the reserve that comes later holds nothing. */
export function release(world: World, command: Release): Decision {
  return giveBack(world, { ...command, movement: 'RELEASED' })
}

export function expire(world: World, { orderId, now }: Expire): Decision {
  const { reservation } = world
  if (reservation.status !== 'HELD' || reservation.expiresAt === undefined || reservation.expiresAt > now)
    return nothing
  return giveBack(world, { orderId, reason: 'EXPIRED', movement: 'EXPIRED' })
}

export function keep({ reservation }: World): Decision {
  if (reservation.status !== 'HELD' || reservation.expiresAt === undefined) return nothing
  const { expiresAt: _, ...kept } = reservation
  return { ...nothing, reservation: kept }
}

interface GivingBack {
  readonly orderId: string
  readonly reason: string
  readonly movement: EventStockMovement
}

function giveBack(world: World, { orderId, reason, movement }: GivingBack): Decision {
  const { reservation } = world
  if (reservation.status !== 'HELD' && reservation.status !== 'NONE') return nothing
  const held = reservation.status === 'HELD' ? reservation.held : []
  const back = movements(world, { movement, reference: orderId }, backToShelf(world.stock, held))
  return {
    stock: settleMissing(world, back),
    reservation: { status: 'RELEASED', shipments: shipmentsOf(reservation) },
    facts: [{ type: 'StockReleased', data: { orderId, reason } }],
  }
}

/** Units a count did not find cannot become available again: they are written off first. */
function backToShelf(
  stock: ReadonlyMap<string, Stock>,
  allocations: readonly HeldAllocation[],
): readonly SkuPosting[] {
  const postings: SkuPosting[] = []
  const writtenOff = new Map<string, number>()
  for (const { locationId, lines } of allocations) {
    for (const { sku, shard, quantity } of lines) {
      const key = `${locationId} ${sku}`
      const state = stock.get(sku)
      const missing = (state ? levelAt(state, locationId).missing : 0) - (writtenOff.get(key) ?? 0)
      const lost = Math.min(quantity, missing)
      writtenOff.set(key, (writtenOff.get(key) ?? 0) + lost)
      postings.push({
        sku,
        shard,
        posting: { locationId, from: 'RESERVED', to: 'ADJUSTMENT', quantity: lost },
      })
      postings.push({
        sku,
        shard,
        posting: { locationId, from: 'RESERVED', to: 'AVAILABLE', quantity: quantity - lost },
      })
    }
  }
  return postings
}

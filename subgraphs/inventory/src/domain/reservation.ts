import type { EventOf, EventQuantity } from '@stoa/schema/events'

/** Units that an order holds, by location. */
export interface HeldAllocation {
  readonly locationId: string
  readonly lines: readonly HeldLine[]
}

/** In which shard its units are; absent for shard 0. */
export type HeldLine = EventQuantity & { readonly shard?: number }

/**
 * What one order holds. NONE → HELD → SHIPPED | RELEASED, NONE → REJECTED, and NONE → RELEASED as a tombstone:
 * a release that overtakes its reserve wins. The last three are final.
 */
export type Reservation =
  | { readonly status: 'NONE' }
  | {
      readonly status: 'HELD'
      /** What is still held, by location. */
      readonly held: readonly HeldAllocation[]
      /** Shipments that took their part already. */
      readonly shipments: readonly string[]
      /** When it lapses, epoch milliseconds; absent once the order went on. */
      readonly expiresAt?: number
    }
  | { readonly status: 'SHIPPED' | 'RELEASED'; readonly shipments: readonly string[] }
  | { readonly status: 'REJECTED' }

export type ReservationFact = EventOf<'StockReserved' | 'StockRejected' | 'StockReleased'>

export const noReservation: Reservation = { status: 'NONE' }

export function shipmentsOf(reservation: Reservation): readonly string[] {
  return 'shipments' in reservation ? reservation.shipments : []
}

export function expiryOf(reservation: Reservation): number | undefined {
  return reservation.status === 'HELD' ? reservation.expiresAt : undefined
}

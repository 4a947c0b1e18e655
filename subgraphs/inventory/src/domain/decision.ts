import type { EventOf, EventStockMovement, EventStockPosting } from '@stoa/schema/events'
import type { Reservation, ReservationFact } from './reservation.ts'
import type { LocationReason } from './source-order.ts'
import type { Stock, StockFact } from './stock.ts'

/** What a command may look at: the stock of its SKUs and the reservation of its order. */
export interface World {
  readonly stock: ReadonlyMap<string, Stock>
  readonly reservation: Reservation
}

/** What becomes true, all of it or nothing. Empty: already so. */
export interface Decision {
  /** Facts for each SKU's stream. */
  readonly stock: ReadonlyMap<string, readonly StockFact[]>
  /** The reservation from now on; absent when it stays as it is. */
  readonly reservation?: Reservation
  /** Facts for the reservation's stream. */
  readonly facts: readonly ReservationFact[]
  /** Why each location was chosen or passed over. */
  readonly reasons?: readonly LocationReason[]
}

export const nothing: Decision = { stock: new Map(), facts: [] }

/** One posting and the SKU it belongs to. */
export interface SkuPosting {
  readonly sku: string
  readonly posting: EventStockPosting
}

/** Why units move, the same for every SKU of a command. */
export interface Cause {
  readonly movement: EventStockMovement
  readonly reference: string
  readonly occurredAt?: number
}

/** One StockMoved per SKU out of postings in any order; postings of no units are left out. */
export function movements(cause: Cause, postings: readonly SkuPosting[]): Map<string, StockFact[]> {
  const bySku = new Map<string, EventStockPosting[]>()
  for (const { sku, posting } of postings) {
    if (posting.quantity === 0) continue
    const list = bySku.get(sku)
    if (list) list.push(posting)
    else bySku.set(sku, [posting])
  }
  return new Map([...bySku].map(([sku, list]) => [sku, [moved({ sku, ...cause, postings: list })]]))
}

export function moved(data: EventOf<'StockMoved'>['data']): StockFact {
  return { type: 'StockMoved', data }
}

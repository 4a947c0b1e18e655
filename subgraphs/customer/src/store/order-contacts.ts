import type { RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { EventOf } from '@stoa/schema/events'

/** Where news about one order goes: a guest has no profile, and a profile may change after the order. */
export interface OrderContact {
  readonly orderNumber: string
  readonly email: string
  /** BCP 47. */
  readonly language: string
}

/** A year and a month: whatever may still be said about an order is said by then. */
const KEPT_MS = 400 * 86_400_000

export function contactOf({ orderNumber, email, language }: EventOf<'OrderCreated'>['data']): OrderContact {
  return { orderNumber, email, language }
}

/** Written again it is the same, so it may be written whenever the order is heard of. */
export function contactRow(order: EventOf<'OrderCreated'>['data'], at: number): RowWrite {
  return { ...contactKey(order.orderId), value: { ...contactOf(order) }, expiresAt: at + KEPT_MS }
}

export async function loadContact(store: TableStore, orderId: string): Promise<OrderContact | undefined> {
  const row = await store.get(contactKey(orderId))
  if (!row) return undefined
  const { orderNumber, email, language } = row.value
  return { orderNumber: String(orderNumber), email: String(email), language: String(language) }
}

function contactKey(orderId: string): RowKey {
  return { table: 'order-contact', partition: orderId, sort: 'contact' }
}

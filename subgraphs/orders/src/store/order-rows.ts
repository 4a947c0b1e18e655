import type { CommandOutcome } from '@stoa/platform/handle-command'
import type { JsonObject } from '@stoa/platform/json'
import type { RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { OrderEvent } from '../domain/order/event.ts'
import type { Order, OrderState } from '../domain/order/state.ts'
import { customerIndexRows } from '../projections/orders-by-customer.ts'
import { recentIndexRows } from '../projections/orders-recent.ts'

/**
 * What an order is now, and the ways to find it, written in the transaction that records its facts: whoever
 * was told of a change reads it, in lists too, and a page of orders is one read.
 */
export function orderRows(
  outcome: CommandOutcome<OrderState, OrderEvent>,
  before: OrderState,
): readonly RowWrite[] {
  const { state, events } = outcome
  if (events.length === 0 || state.status === 'NONE') return []
  const snapshot: RowWrite = { ...orderKey(state.placed.orderId), value: asJson(state) }
  return [
    snapshot,
    ...recentIndexRows(state, before),
    ...(before.status === 'NONE' ? customerIndexRows(state) : []),
  ]
}

/** In the order of the ids, `undefined` where there is none. */
export async function loadOrders(
  store: TableStore,
  orderIds: readonly string[],
): Promise<readonly (Order | undefined)[]> {
  const rows = await store.getMany(orderIds.map(orderKey))
  // Only orderRows writes this table, and from an Order. Copied, because Apollo writes into what a reference
  // resolves to, and rows are frozen.
  return rows.map((row) => row && { ...(row.value as unknown as Order) })
}

/** Takes an order number for one order: whoever comes second must draw another. */
export function orderNumberRow(orderNumber: string, orderId: string): RowWrite {
  return {
    table: 'order-numbers',
    partition: orderNumber,
    sort: 'number',
    value: { orderId },
    expect: 'absent',
  }
}

export function orderStream(orderId: string): string {
  return `order-${orderId}`
}

function orderKey(orderId: string): RowKey {
  return { table: 'orders', partition: orderId, sort: 'order' }
}

function asJson(order: Order): JsonObject {
  // An order is plain JSON by construction; its interface only lacks the index signature.
  return order as unknown as JsonObject
}

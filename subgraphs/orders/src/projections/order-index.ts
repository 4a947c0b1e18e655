import { invariant } from '@stoa/platform/invariant'
import type { Row, RowKey } from '@stoa/platform/table-store'
import type { Order } from '../domain/order/state.ts'

/** Where an order stands in a list by time; cursors are made of it. */
export function placeInTime(order: Order): string {
  const placedAt = order.timeline[0]?.at
  invariant(placedAt !== undefined, 'an order begins with being placed')
  // Thirteen digits hold until the year 2286, so that text sorts as numbers do.
  return `${String(placedAt).padStart(13, '0')}/${order.placed.orderId}`
}

export function orderIdIn(row: Row): string {
  return String(row.value['orderId'])
}

export function indexKey(table: string, partition: string, order: Order): RowKey {
  return { table, partition, sort: placeInTime(order) }
}

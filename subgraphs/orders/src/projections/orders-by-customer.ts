import type { RowPage, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Order } from '../domain/order/state.ts'
import { indexKey } from './order-index.ts'

const TABLE = 'orders-by-customer'

/** Written once, when the order is placed; a guest's order is in no list. */
export function customerIndexRows(order: Order): readonly RowWrite[] {
  const { customerId, orderId } = order.placed
  return customerId ? [{ ...indexKey(TABLE, customerId, order), value: { orderId } }] : []
}

/** A customer's orders, newest first, behind a place in time. */
export function ordersOfCustomer(
  store: TableStore,
  query: { readonly customerId: string; readonly after?: string; readonly limit: number },
): Promise<RowPage> {
  const { customerId, after, limit } = query
  const behind = after === undefined ? {} : { after }
  return store.query({ table: TABLE, partition: customerId, descending: true, limit, ...behind })
}

/** No more than this many are counted. */
const COUNTED = 1_000

/** How many orders a customer has; null above 1,000. */
export async function countOrdersOfCustomer(store: TableStore, customerId: string): Promise<number | null> {
  const page = await ordersOfCustomer(store, { customerId, limit: COUNTED })
  return page.next === undefined ? page.rows.length : null
}

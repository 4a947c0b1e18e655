import { shardOf, shardsOf } from '@stoa/platform/shard'
import type { Row, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Order, OrderState, OrderStatus } from '../domain/order/state.ts'
import { indexKey } from './order-index.ts'

const TABLE = 'orders-recent'
const EVERY = 'ALL'

/** One row among all orders, written once, and one among those of its status, which moves with it. */
export function recentIndexRows(order: Order, before: OrderState): readonly RowWrite[] {
  if (before.status === order.status) return []
  const { orderId } = order.placed
  const row = (collection: string): RowWrite => ({ ...indexKey(TABLE, shardOf(collection, orderId), order) })
  const there = { ...row(order.status), value: { orderId } }
  if (before.status === 'NONE') return [{ ...row(EVERY), value: { orderId } }, there]
  return [row(before.status), there]
}

/** Everybody's orders, newest first, behind a place in time; only those in one status when it is given. */
export async function recentOrders(
  store: TableStore,
  query: { readonly status?: OrderStatus; readonly after?: string; readonly limit: number },
): Promise<readonly Row[]> {
  const behind = query.after === undefined ? {} : { after: query.after }
  const pages = await Promise.all(
    shardsOf(query.status ?? EVERY).map((partition) =>
      store.query({ table: TABLE, partition, descending: true, limit: query.limit, ...behind }),
    ),
  )
  const newestFirst = (a: Row, b: Row): number => (a.sort < b.sort ? 1 : -1)
  return pages
    .flatMap((page) => page.rows)
    .toSorted(newestFirst)
    .slice(0, query.limit)
}

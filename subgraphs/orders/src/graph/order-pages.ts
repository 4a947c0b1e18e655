import { requireScope } from '@stoa/platform/access'
import {
  type Connection,
  connectionOf,
  type PageArguments,
  type PageRequest,
  readPage,
} from '@stoa/platform/graph'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { Row, TableStore } from '@stoa/platform/table-store'
import type { Order, OrderStatus } from '../domain/order/state.ts'
import type { OrdersLoaders } from '../loaders.ts'
import { orderIdIn, placeInTime } from '../projections/order-index.ts'
import { countOrdersOfCustomer, ordersOfCustomer } from '../projections/orders-by-customer.ts'
import { recentOrders } from '../projections/orders-recent.ts'

type Context = ResolverContext<OrdersLoaders>

/** A page whose orders are counted only when somebody asks. */
type OrderPage = Omit<Connection<Order>, 'totalCount'> & { readonly totalCount: () => Promise<number | null> }

/** One customer's orders, for themselves and for operators; null for everybody else. */
export async function customerOrders(
  store: TableStore,
  { customerId, ...args }: PageArguments & { readonly customerId: string },
  { request, loaders }: Context,
): Promise<OrderPage | null> {
  const page = readPage(args)
  const { principal } = request
  const own = principal.kind === 'customer' && principal.customerId === customerId
  const operator = principal.kind === 'operator' && principal.scopes.includes('orders:read')
  if (!own && !operator) return null
  const { rows } = await ordersOfCustomer(store, { customerId, limit: page.first + 1, ...behind(page) })
  return {
    ...(await pageOf(rows, page, loaders)),
    totalCount: () => countOrdersOfCustomer(store, customerId),
  }
}

/** Everybody's orders, newest first, for operators. */
export async function ordersRecent(
  store: TableStore,
  args: PageArguments & { readonly status?: OrderStatus | null },
  { request, loaders }: Context,
): Promise<OrderPage> {
  requireScope(request.principal, 'orders:read')
  const page = readPage(args)
  const only = args.status ? { status: args.status } : {}
  const rows = await recentOrders(store, { ...only, limit: page.first + 1, ...behind(page) })
  // Counting a whole shop's orders costs too much for what it tells.
  return { ...(await pageOf(rows, page, loaders)), totalCount: async () => null }
}

function behind({ after }: PageRequest): { readonly after?: string } {
  return after === undefined ? {} : { after: String(after[0]) }
}

async function pageOf(
  rows: readonly Row[],
  page: PageRequest,
  { orders }: OrdersLoaders,
): Promise<Connection<Order>> {
  const loaded = await Promise.all(rows.map((row) => orders.load(orderIdIn(row))))
  const items = loaded.filter((order) => order !== undefined)
  return connectionOf({
    page,
    items,
    keyOf: (order) => [placeInTime(order)],
    hasNextPage: rows.length > page.first,
  })
}

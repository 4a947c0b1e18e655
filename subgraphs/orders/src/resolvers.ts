import type { PageArguments } from '@stoa/platform/graph'
import type { CommandPorts } from '@stoa/platform/handle-command'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import { maySeeCart } from './commands/cart-access.ts'
import type { CartCreateInput } from './commands/create-cart.ts'
import type { Order, OrderStatus } from './domain/order/state.ts'
import { type CartUpdateInput, cartCreate, cartKeyOf, cartUpdate } from './graph/cart-mutations.ts'
import { type CartView, cartFields } from './graph/cart-shapes.ts'
import {
  type CheckoutSubmitInput,
  checkoutSubmit,
  type OrderCancelInput,
  orderCancel,
  orderKeyOf,
} from './graph/order-mutations.ts'
import { customerOrders, ordersRecent } from './graph/order-pages.ts'
import { orderFields, visible } from './graph/order-shapes.ts'
import { viewerOf } from './graph/requester.ts'
import type { OrdersLoaders } from './loaders.ts'

type Context = ResolverContext<OrdersLoaders>
type Resolvers = SubgraphOptions<OrdersLoaders>['resolvers']

/** Wiring: every field either reads what is there, or asks one loader, one list or one command. */
export function createResolvers(ports: CommandPorts): Resolvers {
  const { store } = ports
  return {
    Query: {
      cart: (_: unknown, keys: CartKeys, context: Context) => findCart(keys, context),
      order: (_: unknown, keys: OrderKeys, context: Context) => findOrder(keys, context),
      ordersRecent: (_: unknown, args: PageArguments & { status?: OrderStatus | null }, context: Context) =>
        ordersRecent(store, args, context),
    },
    Mutation: {
      cartCreate: (_: unknown, { input }: { input?: CartCreateInput | null }, context: Context) =>
        cartCreate(ports, input ?? {}, context),
      cartUpdate: (_: unknown, { input }: { input: CartUpdateInput }, context: Context) =>
        cartUpdate(ports, input, context),
      checkoutSubmit: (_: unknown, { input }: { input: CheckoutSubmitInput }, context: Context) =>
        checkoutSubmit(ports, input, context),
      orderCancel: (_: unknown, { input }: { input: OrderCancelInput }, context: Context) =>
        orderCancel(ports, input, context),
    },
    Cart: {
      __resolveReference: (keys: CartKeys, context: Context) => findCart(keys, context),
      ...cartFields,
      order: ({ cart }: CartView, _: unknown, context: Context) =>
        cart.status === 'CHECKED_OUT' ? findOrder(cart, context) : null,
    },
    Order: {
      __resolveReference: (keys: OrderKeys, context: Context) => findOrder(keys, context),
      ...orderFields,
    },
    Customer: {
      __resolveReference: ({ customerId }: CustomerKey) => ({ customerId }),
      orders: ({ customerId }: CustomerKey, args: PageArguments, context: Context) =>
        customerOrders(store, { customerId, ...args }, context),
    },
  }
}

interface CartKeys {
  readonly id: string
}

interface OrderKeys {
  readonly id?: string
  readonly orderId?: string
}

interface CustomerKey {
  readonly customerId: string
}

async function findCart({ id }: CartKeys, { request, loaders }: Context): Promise<CartView | null> {
  const stored = await loaders.carts.load(cartKeyOf(id))
  return stored && maySeeCart(request.principal, stored.cart) ? await loaders.priced(stored.cart) : null
}

async function findOrder({ id, orderId }: OrderKeys, { request, loaders }: Context): Promise<Order | null> {
  const order = await loaders.orders.load(orderId ?? orderKeyOf(id ?? ''))
  return visible(viewerOf(request.principal), order)
}

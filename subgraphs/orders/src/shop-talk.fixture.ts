import type { RequestContext } from '@stoa/platform/subgraph'
import { operator, type TestOrders } from './test-orders.fixture.ts'

/** The sentences tests say to the orders graph, and the answers they read. */

interface GraphAmount {
  readonly amount: string
  readonly currency: string
}

export interface GraphCart {
  readonly id: string
  readonly currency: string
  readonly totalQuantity: number
  readonly lines: readonly {
    readonly lineId: string
    readonly sku: string
    readonly quantity: number
    readonly unitPrice: GraphAmount | null
  }[]
  readonly subtotal: GraphAmount
  readonly shipping: GraphAmount
  readonly tax: GraphAmount
  readonly total: GraphAmount
  readonly warnings: readonly { readonly code: string; readonly lineId: string | null }[]
}

export interface GraphOrder {
  readonly id: string
  readonly orderId: string
  readonly orderNumber: string
  readonly status: string
  readonly total: GraphAmount
  readonly cancelReason: string | null
  readonly payments: readonly { readonly status: string }[]
  readonly shipments: readonly { readonly shipmentId: string; readonly status: string }[]
  readonly timeline: readonly { readonly type: string; readonly at: string; readonly text: string }[]
}

export interface GraphUserError {
  readonly __typename: string
  readonly code: string
  readonly message: string
  readonly path: readonly string[] | null
}

export interface CartAnswer {
  readonly cart: GraphCart | null
  readonly userErrors: readonly GraphUserError[]
}

export interface OrderAnswer {
  readonly order: GraphOrder | null
  readonly userErrors: readonly GraphUserError[]
}

export type Who = Partial<RequestContext>

const CART = `id currency totalQuantity lines { lineId sku quantity unitPrice { amount currency } }
  subtotal { amount currency } shipping { amount currency } tax { amount currency } total { amount currency }
  warnings { code lineId }`
const ORDER = `id orderId orderNumber status total { amount currency } cancelReason payments { status }
  shipments { shipmentId status trackingNumber } timeline { type at text }`
const ERRORS = `userErrors {
  __typename code message path
  ... on CartQuantityOutOfRange { min max }
  ... on CartUnknownSku { sku }
  ... on CartCurrencyMismatch { expected }
  ... on CartAlreadyCheckedOut { orderId }
  ... on CheckoutTotalChanged { expectedTotal { amount } newTotal { amount currency } }
  ... on OrderNotCancellable { status }
}`

export async function cartCreate(shop: TestOrders, input: object, who?: Who): Promise<CartAnswer> {
  const query = `mutation ($input: CartCreateInput) { cartCreate(input: $input) { cart { ${CART} } ${ERRORS} } }`
  return read(await shop.ask(query, { input }, who), 'cartCreate')
}

export async function cartUpdate(shop: TestOrders, input: object, who?: Who): Promise<CartAnswer> {
  const query = `mutation ($input: CartUpdateInput!) { cartUpdate(input: $input) { cart { ${CART} } ${ERRORS} } }`
  return read(await shop.ask(query, { input }, who), 'cartUpdate')
}

export async function seeCart(shop: TestOrders, id: string, who?: Who): Promise<GraphCart | null> {
  const query = `query ($id: ID!) { cart(id: $id) { ${CART} } }`
  return read(await shop.ask(query, { id }, who), 'cart')
}

/** Two shirts and a mug. */
export async function filledCart(shop: TestOrders, who?: Who): Promise<string> {
  const lines = [
    { sku: 'TEE-1', quantity: 2 },
    { sku: 'MUG-1', quantity: 1 },
  ]
  const made = await cartCreate(shop, { lines }, who)
  if (!made.cart) throw new Error(JSON.stringify(made.userErrors))
  return made.cart.id
}

export const toTurin = {
  method: 'DELIVERY',
  address: { name: 'Ada', line1: 'Via Roma 1', postalCode: '10121', city: 'Torino', country: 'IT' },
} as const

export async function checkout(shop: TestOrders, input: object, who?: Who): Promise<OrderAnswer> {
  const query = `mutation ($input: CheckoutSubmitInput!) { checkoutSubmit(input: $input) { order { ${ORDER} } ${ERRORS} } }`
  const all = { email: 'ada@example.test', delivery: toTurin, paymentToken: 'tok_visa', ...input }
  return read(await shop.ask(query, { input: all }, who), 'checkoutSubmit')
}

/** Checks a fresh cart out and waits for what follows. */
export async function placed(shop: TestOrders, input: object = {}, who?: Who): Promise<GraphOrder> {
  const cartId = await filledCart(shop, who)
  const done = await checkout(shop, { cartId, idempotencyKey: `key-${cartId}`, ...input }, who)
  if (!done.order) throw new Error(JSON.stringify(done.userErrors))
  await shop.settle()
  return done.order
}

export async function cancel(shop: TestOrders, orderId: string, who?: Who): Promise<OrderAnswer> {
  const query = `mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { ${ORDER} } ${ERRORS} } }`
  return read(await shop.ask(query, { input: { orderId, reason: 'too small' } }, who), 'orderCancel')
}

export async function seeOrder(shop: TestOrders, id: string, who?: Who): Promise<GraphOrder | null> {
  const query = `query ($id: ID!) { order(id: $id) { ${ORDER} } }`
  return read(await shop.ask(query, { id }, who), 'order')
}

export interface GraphPage {
  readonly nodes: readonly { readonly orderId: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Everybody's orders, as the operator sees them. */
export async function seeRecent(
  shop: TestOrders,
  args: object = {},
  who: Who = { principal: operator },
): Promise<GraphPage> {
  const query = `query ($first: Int = 100, $after: String, $status: OrderStatus) {
    ordersRecent(first: $first, after: $after, status: $status) { nodes { orderId } pageInfo { hasNextPage endCursor } }
  }`
  return read(await shop.ask(query, { ...args }, who), 'ordersRecent')
}

function read<T>({ data, errors }: Awaited<ReturnType<TestOrders['ask']>>, field: string): T {
  if (errors) throw new Error(JSON.stringify(errors))
  // The sentences above ask for exactly these fields, and the schema gives them their types.
  return data?.[field] as T
}

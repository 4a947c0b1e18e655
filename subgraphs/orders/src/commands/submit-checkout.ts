import type { EventMeta } from '@stoa/platform/event'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import { parseLocationId } from '@stoa/platform/id'
import type { IdempotencyKey } from '@stoa/platform/idempotency'
import { invariant } from '@stoa/platform/invariant'
import { err, mapResult, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { TableStore } from '@stoa/platform/table-store'
import type { OrderCreated } from '@stoa/schema/events'
import { type CheckOutRequest, checkOut } from '../domain/cart/check-out.ts'
import type { DeliveryWish } from '../domain/cart/delivery.ts'
import { type CartRefusal, cartNotFound } from '../domain/cart/refusal.ts'
import { orderNumber } from '../domain/order/order-number.ts'
import type { Order } from '../domain/order/state.ts'
import { cartName, cartRow, loadCarts, type StoredCart } from '../store/cart-rows.ts'
import { isPickupLocation } from '../store/location-rows.ts'
import { orderNumberRow, orderRows, orderStream } from '../store/order-rows.ts'
import { loadPriceList } from '../store/price-rows.ts'
import { adopted, maySeeCart } from './cart-access.ts'
import { type Attempt, type Attempted, commitOnce } from './commit-once.ts'
import { checkedDecider } from './handle-order.ts'

export interface Checkout {
  readonly cartId: string
  readonly wish: Pick<CheckOutRequest, 'email' | 'delivery' | 'paymentToken' | 'expectedTotal'>
  readonly idempotency: IdempotencyKey
  readonly request: RequestContext
  readonly meta: EventMeta
}

/**
 * One cart becomes one order, in one transaction with the cart's end, the order's number and the idempotency
 * record: two keys at once make one order, one key fifty times gives one answer.
 */
export function submitCheckout(
  ports: CommandPorts,
  checkout: Checkout,
): Promise<Result<Order, readonly CartRefusal[]>> {
  const orderId = `O-${ports.random.uuid()}`
  const once = { what: cartName(checkout.cartId), key: checkout.idempotency }
  return commitOnce(ports, once, () => attempt(ports, checkout, orderId))
}

async function attempt(ports: CommandPorts, checkout: Checkout, orderId: string): Promise<Attempted<Order>> {
  const [stored] = await loadCarts(ports.store, [checkout.cartId])
  if (!stored || !maySeeCart(checkout.request.principal, stored.cart)) return err([cartNotFound()])
  const created = await decideCheckout(ports, { checkout, stored, orderId })
  return mapResult(created, (order) => prepare(ports, { checkout, stored, created: order }))
}

async function decideCheckout(
  { store, random }: CommandPorts,
  {
    checkout,
    stored,
    orderId,
  }: { readonly checkout: Checkout; readonly stored: StoredCart; readonly orderId: string },
): Promise<Result<OrderCreated, readonly CartRefusal[]>> {
  const { cart } = stored
  const { principal, language } = checkout.request
  const skus = cart.lines.map((line) => line.sku)
  const [prices, isStore] = await Promise.all([
    loadPriceList(store, cart.market, skus),
    namesStore(store, checkout.wish.delivery),
  ])
  const owner = cart.status === 'OPEN' ? adopted(principal, cart).customerId : undefined
  return checkOut(cart, prices, {
    ...checkout.wish,
    isStore,
    orderId,
    // Drawn anew on each try: a taken number is one of the races that may be lost.
    orderNumber: orderNumber(random.next()),
    language,
    ...(owner !== undefined && { customerId: owner }),
  })
}

async function namesStore(store: TableStore, { method, locationId }: DeliveryWish): Promise<boolean> {
  const place = parseLocationId(locationId)
  return method === 'PICKUP' && place.ok && (await isPickupLocation(store, place.value))
}

function prepare(
  ports: CommandPorts,
  {
    checkout,
    stored,
    created,
  }: { readonly checkout: Checkout; readonly stored: StoredCart; readonly created: OrderCreated },
): Attempt<Order> {
  const { initial, decide, evolve } = checkedDecider
  const now = ports.clock.now()
  const decided = decide(initial, { type: 'placeOrder', order: created })
  invariant(decided.ok, 'a fresh id has no order yet')
  const events = decided.value
  const state = events.reduce((before, event) => evolve(before, { ...event, at: now }), initial)
  invariant(state.status !== 'NONE', 'a placed order is there')
  const { orderId, orderNumber: number } = created
  const facts = events.map((event) => newEvent(ports, { ...event, at: now }, checkout.meta))
  const rows = [
    cartRow({ ...stored.cart, status: 'CHECKED_OUT', orderId }, stored.version, now),
    orderNumberRow(number, orderId),
    ...orderRows({ state, events, version: events.length }, initial),
  ]
  return {
    outcome: state,
    transaction: { appends: [{ stream: orderStream(orderId), expectedVersion: 0, events: facts }], rows },
  }
}

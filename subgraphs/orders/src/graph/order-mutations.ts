import type { CommandPorts } from '@stoa/platform/handle-command'
import { keyOf } from '@stoa/platform/id'
import type { Currency } from '@stoa/platform/market'
import { err, ok, type Result } from '@stoa/platform/result'
import type { ResolverContext } from '@stoa/platform/subgraph'
import { handleOrder } from '../commands/handle-order.ts'
import { keyRequired, keyReused, requestKey } from '../commands/request-key.ts'
import { submitCheckout } from '../commands/submit-checkout.ts'
import type { CheckOutRequest } from '../domain/cart/check-out.ts'
import type { DeliveryWish } from '../domain/cart/delivery.ts'
import type { CartRefusal } from '../domain/cart/refusal.ts'
import type { Order } from '../domain/order/state.ts'
import type { OrdersLoaders } from '../loaders.ts'
import { cartKeyOf } from './cart-mutations.ts'
import { visible } from './order-shapes.ts'
import { metaOf, viewerOf } from './requester.ts'
import { cartUserError, orderUserError } from './user-errors.ts'

type Context = ResolverContext<OrdersLoaders>

interface OrderPayload {
  readonly order: Order | null
  readonly userErrors: readonly object[]
}

export interface CheckoutSubmitInput {
  readonly cartId: string
  readonly email: string
  readonly delivery: DeliveryWish
  readonly paymentToken: string
  readonly expectedTotal?: { readonly amountMinor: bigint; readonly currency: Currency } | null
  readonly idempotencyKey?: string | null
}

export interface OrderCancelInput {
  readonly orderId: string
  readonly reason?: string | null
  readonly idempotencyKey?: string | null
}

export async function checkoutSubmit(
  ports: CommandPorts,
  input: CheckoutSubmitInput,
  { request }: Context,
): Promise<OrderPayload> {
  const cartId = cartKeyOf(input.cartId)
  const key = requestKey({ request, operation: 'checkoutSubmit', about: cartId, input })
  if (!key.ok) return refused(key.error)
  if (!key.value) return refused(keyRequired())
  const expected = readExpectedTotal(input.expectedTotal)
  if (!expected.ok) return refused(expected.error)
  const { email, delivery, paymentToken } = input
  const wish = { email, delivery, paymentToken, ...(expected.value && { expectedTotal: expected.value }) }
  const placed = await submitCheckout(ports, {
    cartId,
    wish,
    idempotency: key.value,
    request,
    meta: metaOf(request),
  })
  return placed.ok
    ? { order: placed.value, userErrors: [] }
    : { order: null, userErrors: placed.error.map(cartUserError) }
}

export async function orderCancel(
  ports: CommandPorts,
  input: OrderCancelInput,
  { request, loaders }: Context,
): Promise<OrderPayload> {
  const orderId = orderKeyOf(input.orderId)
  const key = requestKey({ request, operation: 'orderCancel', about: orderId, input })
  if (!key.ok) return refused(key.error)
  const viewer = viewerOf(request.principal)
  const reason = input.reason?.trim().slice(0, LONGEST_REASON) || 'no reason given'
  const command = { type: 'cancelOrder', viewer, reason } as const
  const done = await handleOrder(ports, { orderId, command, meta: metaOf(request), idempotency: key.value })
  if (done.ok) return { order: done.value.state.status === 'NONE' ? null : done.value.state, userErrors: [] }
  if (done.error.code === 'IDEMPOTENCY_KEY_REUSED') return refused(keyReused(done.error.message))
  return {
    order: visible(viewer, await loaders.orders.load(orderId)),
    userErrors: [orderUserError(done.error)],
  }
}

/** The key in an order's global id; of an id of something else, a key that no order has. */
export function orderKeyOf(id: string): string {
  const key = keyOf('orders', 'Order', id)
  return key.ok && key.value !== '' ? key.value.slice(0, 64) : 'none'
}

const LONGEST_REASON = 200

function refused(refusal: CartRefusal): OrderPayload {
  return { order: null, userErrors: [cartUserError(refusal)] }
}

function readExpectedTotal(
  input: CheckoutSubmitInput['expectedTotal'],
): Result<CheckOutRequest['expectedTotal'], CartRefusal> {
  if (!input) return ok(undefined)
  const minor = Number(input.amountMinor)
  if (Number.isSafeInteger(minor) && minor >= 0) return ok({ minor, currency: input.currency })
  const message = `Expected an amount of 0 or more minor units, at most 2^53, got ${input.amountMinor}.`
  return err({ code: 'AMOUNT_INVALID', message, path: ['expectedTotal', 'amountMinor'] })
}

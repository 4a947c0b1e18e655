import type { Question, ShopClient } from '@stoa/app/shop-client'
import { z } from 'zod'
import { stack } from './stack.ts'

export interface CheckoutAnswer {
  readonly order: {
    readonly id: string
    readonly orderId: string
    readonly orderNumber: string
    readonly status: string
  } | null
  readonly userErrors: readonly UserError[]
}

export interface UserError {
  readonly code: string
  readonly message: string
  readonly path: readonly string[] | null
}

export interface FollowedOrder {
  readonly status: string
  readonly cancelReason: string | null
  readonly payments: readonly { readonly status: string }[]
  readonly timeline: readonly { readonly type: string }[]
}

const userErrors = z.array(
  z.object({ code: z.string(), message: z.string(), path: z.array(z.string()).nullable() }),
)
const placed = z.object({ id: z.string(), orderId: z.string(), orderNumber: z.string(), status: z.string() })
const cart = z.object({ cartCreate: z.object({ cart: z.object({ id: z.string() }).nullable(), userErrors }) })
const outcome: z.ZodType<CheckoutAnswer> = z.object({ order: placed.nullable(), userErrors })
const checkedOut = z.object({ checkoutSubmit: outcome })
const canceled = z.object({ orderCancel: outcome })
const followed: z.ZodType<{ order: FollowedOrder | null }> = z.object({
  order: z
    .object({
      status: z.string(),
      cancelReason: z.string().nullable(),
      payments: z.array(z.object({ status: z.string() })),
      timeline: z.array(z.object({ type: z.string() })),
    })
    .nullable(),
})

export interface Purchase {
  readonly sku: string
  readonly quantity?: number
  readonly paymentToken?: string
  readonly key: string
  /** The store where it is picked up; absent: it is sent to Milan. */
  readonly pickupAt?: string
}

/** Puts one SKU into a fresh cart and checks it out; answers whatever the shop answered. */
export async function buy(client: ShopClient, purchase: Purchase): Promise<CheckoutAnswer> {
  return await submit(client, await fillCart(client, purchase.sku, purchase.quantity ?? 1), purchase)
}

export type PlacedOrder = NonNullable<CheckoutAnswer['order']>

/** The same, for when nothing should stand against it. */
export async function order(client: ShopClient, purchase: Purchase): Promise<PlacedOrder> {
  const answer = await buy(client, purchase)
  if (!answer.order) throw new Error(`Expected an order, got ${JSON.stringify(answer.userErrors)}`)
  return answer.order
}

export async function cancel(client: ShopClient, id: string): Promise<CheckoutAnswer> {
  const { orderCancel } = await client.ask({
    document: `mutation Cancel($id: ID!) {
      orderCancel(input: { orderId: $id, reason: "changed her mind" }) {
        order { id orderId orderNumber status } userErrors { code message path }
      }
    }`,
    variables: { id },
    answer: canceled,
  })
  return orderCancel
}

export async function fillCart(client: ShopClient, sku: string, quantity: number): Promise<string> {
  const { cartCreate } = await client.ask({
    document:
      'mutation Cart($lines: [CartAddLine!]) { cartCreate(input: { lines: $lines }) { cart { id } userErrors { code message path } } }',
    variables: { lines: [{ sku, quantity }] },
    answer: cart,
  })
  if (!cartCreate.cart) throw new Error(`No cart: ${JSON.stringify(cartCreate.userErrors)}`)
  return cartCreate.cart.id
}

export async function submit(
  client: ShopClient,
  cartId: string,
  purchase: Pick<Purchase, 'key' | 'paymentToken' | 'pickupAt'>,
): Promise<CheckoutAnswer> {
  const { checkoutSubmit } = await client.ask(checkoutQuestion(cartId, purchase))
  return checkoutSubmit
}

export function checkoutQuestion(
  cartId: string,
  purchase: Pick<Purchase, 'key' | 'paymentToken' | 'pickupAt'>,
): Question<{ checkoutSubmit: CheckoutAnswer }> {
  return {
    document: `mutation Checkout($input: CheckoutSubmitInput!) {
      checkoutSubmit(input: $input) { order { id orderId orderNumber status } userErrors { code message path } }
    }`,
    variables: {
      input: {
        cartId,
        email: 'ada@example.test',
        idempotencyKey: purchase.key,
        paymentToken: purchase.paymentToken ?? 'tok_visa',
        delivery: deliveryTo(purchase.pickupAt),
      },
    },
    answer: checkedOut,
  }
}

function deliveryTo(locationId: string | undefined): object {
  if (locationId !== undefined) return { method: 'PICKUP', locationId }
  const street = { line1: 'Via Dante 7', postalCode: '20121', city: 'Milan', country: 'IT' }
  return { method: 'DELIVERY', address: { name: 'Ada Conti', ...street } }
}

export async function look(client: ShopClient, id: string): Promise<FollowedOrder> {
  const answer = await client.ask({
    document:
      'query Look($id: ID!) { order(id: $id) { status cancelReason payments { status } timeline { type } } }',
    variables: { id },
    answer: followed,
  })
  if (!answer.order) throw new Error(`Expected to see order ${id}, saw none.`)
  return answer.order
}

/** Looks until the order tells this fact. */
export async function untilFact(client: ShopClient, id: string, fact: string): Promise<FollowedOrder> {
  return await untilOrder(client, id, (order) => times(order, fact) > 0)
}

/** Emulators take their time. */
const PATIENCE_MS = stack === 'embedded' ? 15_000 : 60_000

/** Looks until the order is as it is waited for. */
export async function untilOrder(
  client: ShopClient,
  id: string,
  isDone: (order: FollowedOrder) => boolean,
): Promise<FollowedOrder> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const order = await look(client, id)
    if (isDone(order)) return order
    if (Date.now() > deadline) {
      const facts = order.timeline.map((event) => event.type)
      throw new Error(`Waited in vain; order ${id} is ${order.status} after ${facts.join(', ')}.`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function available(client: ShopClient, sku: string): Promise<number> {
  const { variant } = await client.ask({
    document: 'query Stock($sku: String!) { variant(sku: $sku) { availability { availableToPromise } } }',
    variables: { sku },
    answer: z.object({ variant: z.object({ availability: z.object({ availableToPromise: z.number() }) }) }),
  })
  return variant.availability.availableToPromise
}

/** How often an order tells this fact. */
export function times(order: FollowedOrder, fact: string): number {
  return order.timeline.filter((event) => event.type === fact).length
}

import { Fault } from '@stoa/platform/fault'
import type { Shop } from '../shop.ts'
import { createShopClient, type ShopClient } from '../shop-client.ts'
import { checkout, createCart, type FoundVariant, type Placed, search } from './documents.ts'
import { type Followed, follow, stock } from './follow-documents.ts'
import type { Narrator } from './narrator.ts'

const QUANTITY = 2
/** The last fact of a good order: the ERP has booked it. */
const LAST = 'OrderPosted'
const PATIENCE_MS = 5_000

/** Ada looks for a jumper, buys two, and the order travels to fulfilment. Every step is checked as it is told. */
export async function tellStory(shop: Shop, narrator: Narrator): Promise<void> {
  const client = createShopClient(shop.url, {
    authorization: `Bearer ${shop.edge.identity.tokens['ada'] ?? ''}`,
  })
  const variant = await narrator.step('Ada searches for a merino jumper', () => findVariant(client))
  const before = (await client.ask(stock(variant.sku))).variant.availability.availableToPromise
  const cartId = await narrator.step('She puts two into her cart', () => fillCart(client, variant.sku))
  const key = `demo-${variant.sku}`
  const order = await narrator.step('She checks out', () => placeOrder(client, cartId, key))
  const again = await narrator.step('Her phone sends it again', () => placeOrder(client, cartId, key))
  narrator.expect('the same key gave the same order', again.orderId === order.orderId, again.orderId)
  const done = await narrator.step('The order travels', () => untilDone(client, order.id))
  for (const event of done.timeline)
    narrator.say(`    ${event.at.slice(11, 23)}  ${event.type.padEnd(18)} ${event.text}`)
  const after = (await client.ask(stock(variant.sku))).variant.availability.availableToPromise
  narrator.expect(`stock went from ${before} to ${before - QUANTITY}`, after === before - QUANTITY, after)
  checkLedgers(shop, narrator, order.orderId)
}

async function findVariant(client: ShopClient): Promise<Told<FoundVariant>> {
  const { products } = await client.ask(search('merino jumper'))
  const variant = products.nodes
    .flatMap((product) => product.variants.nodes)
    .find((candidate) => (candidate.availability?.availableToPromise ?? 0) >= QUANTITY)
  if (!variant) throw new Fault('NOT_FOUND', 'Expected a merino jumper in stock, found none.')
  const { amount, currency } = variant.price
  return {
    told: `${products.totalCount} found; takes ${variant.name} at ${amount} ${currency}`,
    value: variant,
  }
}

async function fillCart(client: ShopClient, sku: string): Promise<Told<string>> {
  const { cart, userErrors } = (await client.ask(createCart(sku, QUANTITY))).cartCreate
  if (!cart) throw refused(userErrors)
  return {
    told: `total ${cart.total.amount} ${cart.total.currency}, tax contained ${cart.tax.amount}`,
    value: cart.id,
  }
}

async function placeOrder(client: ShopClient, cartId: string, key: string): Promise<Told<Placed>> {
  const { order, userErrors } = (await client.ask(checkout(cartId, key))).checkoutSubmit
  if (!order) throw refused(userErrors)
  return { told: `order ${order.orderNumber} is ${order.status}`, value: order }
}

async function untilDone(client: ShopClient, id: string): Promise<Told<Followed>> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const { order } = await client.ask(follow(id))
    if (order.timeline.some((event) => event.type === LAST)) return { told: toldOf(order), value: order }
    if (performance.now() > deadline) {
      throw new Fault(
        'DEADLINE_EXCEEDED',
        `Expected ${LAST} within ${PATIENCE_MS} ms; the order is ${order.status}.`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

function toldOf(order: Followed): string {
  const parcel = order.shipments[0]
  return `${order.status}, from ${parcel?.location?.name}, ${parcel?.carrier} ${parcel?.trackingNumber}`
}

/** What the vendors believe: they keep their own books. */
function checkLedgers({ simulators }: Shop, narrator: Narrator, orderId: string): void {
  if (!simulators) return
  const charges = simulators.payment.ledger().filter((entry) => entry.reference === orderId)
  const states = charges.map((entry) => entry.state)
  narrator.expect(
    'the bank authorised once and captured once',
    states.join() === 'authorised,captured',
    states,
  )
}

interface Told<T> {
  readonly told: string
  readonly value: T
}

function refused(errors: readonly { readonly code: string; readonly message: string }[]): Fault {
  return new Fault('BAD_REQUEST', errors.map((error) => `${error.code}: ${error.message}`).join('; '))
}

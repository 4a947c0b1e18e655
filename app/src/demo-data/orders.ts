import { invariant } from '@stoa/platform/invariant'
import { type Currency, findMarket } from '@stoa/platform/market'
import { taxContained } from '@stoa/platform/money'
import type { Random } from '@stoa/platform/random'
import type { OrderCreated, StoaEvent } from '@stoa/schema/events'
import type { DemoCustomer } from './customers.ts'
import { drawChance, drawInt, drawOrder, drawZipf } from './draw.ts'
import { factsUntil, type OrderEnding, orderEndings } from './order-endings.ts'
import type { DemoProduct } from './products.ts'

/** One past order as the facts that happened to it. */
export interface DemoOrder {
  readonly orderId: string
  readonly facts: readonly { readonly at: number; readonly event: StoaEvent }[]
}

export interface OrderWorld {
  readonly customers: readonly DemoCustomer[]
  readonly products: readonly DemoProduct[]
  /** Orders happened in the 120 days before this, epoch milliseconds. */
  readonly now: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** `count` past orders, oldest first. */
export function makeOrders(random: Random, count: number, world: OrderWorld): readonly DemoOrder[] {
  // What is popular is not what comes first in the catalog: demand has an order of its own.
  const byDemand = drawOrder(random, world.products)
  return Array.from({ length: count }, (_, index) => {
    const at = world.now - 120 * DAY_MS + Math.floor((index / count) * 119.5 * DAY_MS)
    const created = makeCreated(random, { ...world, products: byDemand }, index)
    return {
      orderId: created.orderId,
      facts: history(random, { created, at, now: world.now, ending: endingOf(random, index) }),
    }
  })
}

function endingOf(random: Random, index: number): OrderEnding {
  // The first few guarantee that every state is there, whatever the dice say.
  const planned = orderEndings[index]
  if (planned) return planned
  return drawChance(random, 0.86)
    ? 'fulfilled'
    : (orderEndings[drawInt(random, 0, orderEndings.length - 1)] ?? 'fulfilled')
}

function makeCreated(random: Random, world: OrderWorld, index: number): OrderCreated {
  const customer =
    world.customers[index % 7 === 0 ? index % 3 : drawInt(random, 0, world.customers.length - 1)]
  invariant(customer?.addresses[0], 'every demo customer has an address')
  const market = findMarket(customer.market)
  invariant(market, 'every demo customer shops in a market we serve')
  const lines = makeLines(random, world.products, market.code)
  const money = (minor: number): { minor: number; currency: Currency } => ({
    minor,
    currency: market.currency,
  })
  const subtotal = lines.reduce((sum, line) => sum + line.total.minor, 0)
  const shipping = subtotal >= 10_000 ? 0 : 590
  return {
    orderId: `O-demo-${String(index + 1).padStart(6, '0')}`,
    orderNumber: `D${String(100_000 + index)}`,
    customerId: customer.customerId,
    email: customer.email,
    language: customer.language,
    market: market.code,
    lines,
    subtotal: money(subtotal),
    shipping: money(shipping),
    tax: taxContained(money(subtotal + shipping), market.taxBasisPoints),
    total: money(subtotal + shipping),
    delivery: { method: 'DELIVERY', address: { ...customer.addresses[0] } },
    paymentToken: 'tok_visa',
  }
}

function makeLines(random: Random, products: readonly DemoProduct[], market: string): OrderCreated['lines'] {
  const anchor = drawZipf(random, products.length)
  // Baskets hang together: the other lines are neighbours in demand, which gives the also-bought graph something to find.
  const picks = new Set([
    anchor,
    ...Array.from(
      { length: drawInt(random, 0, 3) },
      () => (anchor + drawInt(random, 1, 6)) % products.length,
    ),
  ])
  return [...picks].flatMap((pick, index) => {
    const product = products[pick]
    const variant = product?.variants[drawInt(random, 0, (product?.variants.length ?? 1) - 1)]
    const price = variant?.prices.find((candidate) => candidate.market === market)
    if (!product || !variant || !price) return []
    const quantity = drawChance(random, 0.8) ? 1 : drawInt(random, 2, 4)
    const unitPrice = { minor: price.minor, currency: price.currency }
    return [
      {
        lineId: `L${index + 1}`,
        sku: variant.sku,
        productId: product.productId,
        name: variant.name,
        quantity,
        unitPrice,
        total: { minor: price.minor * quantity, currency: price.currency },
      },
    ]
  })
}

interface Story {
  readonly created: OrderCreated
  readonly at: number
  readonly now: number
  readonly ending: OrderEnding
}

function history(random: Random, story: Story): DemoOrder['facts'] {
  const events = factsUntil(story.ending, story.created)
  // What was ordered this morning has happened by now, too: recent stories are told faster.
  const longest = Math.min(9 * HOUR_MS, Math.floor((story.now - story.at) / events.length))
  let at = story.at
  return events.map((event) => {
    const fact = { at, event: toldAt(event, at) }
    at += drawInt(random, 60_000, longest)
    return fact
  })
}

function toldAt(event: StoaEvent, at: number): StoaEvent {
  return event.type === 'ShipmentProcessed' ? { ...event, data: { ...event.data, shippedAt: at } } : event
}

import { setTimeout as wait } from 'node:timers/promises'
import { generateDemoData } from '@stoa/app/demo-data'
import { type Engines, embeddedEngines } from '@stoa/app/engines'
import { openShop } from '@stoa/app/shop'
import { createShopClient, type ShopClient } from '@stoa/app/shop-client'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { z } from 'zod'
import { type Capacity, countingStore, type Ledger } from './order-cost/counting-store.ts'

// What DynamoDB on demand charges for an order from an empty cart to the booking in the ERP: the shop runs embedded,
// and every read and write is counted by DynamoDB's rules, table by table.
// Run: npm run bench:order-cost

const ORDERS = 20
/**
 * On-demand prices of us-east-1, table class Standard, in US dollars per million request units, since AWS halved them
 * in November 2024; from aws.amazon.com/dynamodb/pricing/on-demand, and the same in deploy/src/costs/prices.ts.
 */
const DOLLARS_PER_MILLION = { writes: 0.625, reads: 0.125 }

const tools = { clock: systemClock, random: systemRandom, log: silentLog }
const ledger: Ledger = new Map()
const data = generateDemoData({ scale: 0.1, seed: 42 })
const sku = mostStocked()
await using shop = await openShop({
  ...tools,
  port: 0,
  data,
  engines: countingEngines(),
  env: {},
})
const ada = createShopClient(shop.url, { authorization: `Bearer ${shop.edge.identity.tokens['ada'] ?? ''}` })
await order(ada, 'first')
await shop.bus.idle()
ledger.clear()
for (let i = 0; i < ORDERS; i++) await order(ada, `order-${i}`)
await shop.bus.idle()
report()

function countingEngines(): Engines {
  const engines = embeddedEngines(tools)
  return { ...engines, store: async (name) => countingStore(await engines.store(name), name, ledger) }
}

/** The most of it, so that it does not run out. */
function mostStocked(): string {
  const units = (stock: (typeof data.stock)[number]): number =>
    stock.levels.reduce((sum, level) => sum + level.onHand, 0)
  const [most] = data.stock.toSorted((a, b) => units(b) - units(a))
  if (!most) throw new Error('Expected the demo data to have something in stock.')
  return most.sku
}

/** One article, sent home, paid by card; until the ERP has booked it. */
async function order(client: ShopClient, idempotencyKey: string): Promise<void> {
  const { cartCreate } = await client.ask({
    document:
      'mutation Cart($lines: [CartAddLine!]) { cartCreate(input: { lines: $lines }) { cart { id } } }',
    variables: { lines: [{ sku, quantity: 1 }] },
    answer: z.object({ cartCreate: z.object({ cart: z.object({ id: z.string() }) }) }),
  })
  const address = {
    name: 'Ada Conti',
    line1: 'Via Dante 7',
    postalCode: '20121',
    city: 'Milan',
    country: 'IT',
  }
  const payment = { email: 'ada@example.test', paymentToken: 'tok_visa', idempotencyKey }
  const input = { cartId: cartCreate.cart.id, ...payment, delivery: { method: 'DELIVERY', address } }
  const { checkoutSubmit } = await client.ask({
    document: `mutation Checkout($input: CheckoutSubmitInput!) {
      checkoutSubmit(input: $input) { order { id } userErrors { message } }
    }`,
    variables: { input },
    answer: z.object({
      checkoutSubmit: z.object({
        order: z.object({ id: z.string() }).nullable(),
        userErrors: z.array(z.unknown()),
      }),
    }),
  })
  if (!checkoutSubmit.order) throw new Error(`No order: ${JSON.stringify(checkoutSubmit.userErrors)}`)
  await untilPosted(client, checkoutSubmit.order.id)
}

/** Once a second: each look costs a read, as it does for whoever waits for an order. */
async function untilPosted(client: ShopClient, id: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    await wait(1000)
    const found = await client.ask({
      document: 'query Look($id: ID!) { order(id: $id) { timeline { type } } }',
      variables: { id },
      answer: z.object({ order: z.object({ timeline: z.array(z.object({ type: z.string() })) }) }),
    })
    if (found.order.timeline.some(({ type }) => type === 'OrderPosted')) return
  }
  throw new Error(`The order ${id} was not booked within a minute.`)
}

function report(): void {
  const rows = [...ledger].toSorted(([a], [b]) => a.localeCompare(b))
  const total: Capacity = { writes: 0, reads: 0, items: 0, bytes: 0 }
  for (const [table, capacity] of rows) {
    print(table, capacity)
    total.writes += capacity.writes
    total.reads += capacity.reads
    total.items += capacity.items
    total.bytes += capacity.bytes
  }
  print('in all', total)
  const figures = {
    writeUnitsPerOrder: perOrder(total.writes),
    readUnitsPerOrder: perOrder(total.reads),
    itemsPerOrder: perOrder(total.items),
    dollarsPerMillionOrders: Math.round((dollars(total) / ORDERS) * 1_000_000),
  }
  process.stdout.write(`${JSON.stringify({ name: 'order-cost', figures })}\n`)
}

function print(what: string, capacity: Capacity): void {
  const [items, writes, reads] = [capacity.items, capacity.writes, capacity.reads].map((count) =>
    perOrder(count).toFixed(1).padStart(8),
  )
  const size = String(Math.round(capacity.bytes / Math.max(1, capacity.items))).padStart(5)
  const cost = ((dollars(capacity) / ORDERS) * 1_000_000).toFixed(2).padStart(9)
  process.stderr.write(
    `${what.padEnd(34)} items ${items} of ${size} bytes  writes ${writes}  reads ${reads}  $/million ${cost}\n`,
  )
}

function perOrder(count: number): number {
  return Math.round((count / ORDERS) * 10) / 10
}

function dollars({ writes, reads }: Capacity): number {
  return (writes * DOLLARS_PER_MILLION.writes + reads * DOLLARS_PER_MILLION.reads) / 1_000_000
}

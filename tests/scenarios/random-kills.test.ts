import { describe, expect, it } from '@jest/globals'
import type { ShopClient } from '@stoa/app/shop-client'
import { type Random, seededRandom } from '@stoa/platform/random'
import { charges, postings, type StockBooks, stockBooks } from '../support/books.ts'
import { type FollowedOrder, type PlacedOrder, times, untilOrder } from '../support/buy.ts'
import { stockedSkus } from '../support/demo-goods.ts'
import { type KillableShop, openKillableShop } from '../support/killable-shop.ts'
import type { ShopProcess } from '../support/shop-process.ts'
import { type Basket, shopOn, signInto } from '../support/stubborn-customer.ts'

const SEED = Number(process.env['STOA_SEED'] ?? Date.now() % 1_000_000)
const KILLS = 4

describe('three customers shop while the process is killed again and again', () => {
  // The title names the seed, so that a failure can be had again: STOA_SEED=… npm test
  it(`loses no order, charges each once or not at all, and its stock adds up (STOA_SEED=${SEED})`, async () => {
    await using shop = await openKillableShop()
    const first = await shop.start()
    const clerk = await signInto(shop.url, 'operator')
    const skus = (await stockedSkus(clerk)).slice(0, 3)
    const before = await booksAtRest(clerk, skus)

    const leaving = new AbortController()
    const trips = ['ada', 'bo', 'cleo'].map((who, i) =>
      shopOn({ url: shop.url, who, skus, random: seededRandom(SEED + i), leaving: leaving.signal }),
    )
    await killAgainAndAgain(shop, first, seededRandom(SEED))
    leaving.abort()
    const baskets = (await Promise.all(trips)).flat()
    expect(baskets.length).toBeGreaterThan(KILLS)

    // Tokens end with the process that gave them.
    const operator = await signInto(shop.url, 'operator')
    const ended = await Promise.all(baskets.map((basket) => untilEnded(operator, basket)))
    for (const { order, end } of ended) expect(dealt(shop, order, end)).toEqual(expectedOf(end))
    // One key made one order, and the provider knows of no other.
    const known = new Set(shop.vendors.payment.ledger().map((entry) => entry.reference))
    expect([...known].toSorted()).toEqual(baskets.map(({ order }) => order.orderId).toSorted())
    expect(await booksAtRest(operator, skus)).toEqual(
      before.map((books, i) => sell(books, unitsSold(ended, skus[i]))),
    )
  }, 120_000)
})

/** Leaves the last one alive. */
async function killAgainAndAgain(shop: KillableShop, first: ShopProcess, random: Random): Promise<void> {
  let running = first
  for (let kill = 0; kill < KILLS; kill++) {
    await new Promise((resolve) => setTimeout(resolve, random.next() * 700))
    await running.kill()
    running = await shop.start()
  }
}

interface Ended extends Basket {
  readonly end: FollowedOrder
}

/** Looks until nothing more can come of it. */
async function untilEnded(operator: ShopClient, basket: Basket): Promise<Ended> {
  const end = await untilOrder(operator, basket.order.id, (order) => {
    if (order.status !== 'CANCELLED') return times(order, 'OrderPosted') > 0
    return order.payments.some(({ status }) => status === 'DECLINED' || status === 'VOIDED')
  })
  return { ...basket, end }
}

/** Adds up the ledgers once no order holds stock any more. */
async function booksAtRest(operator: ShopClient, skus: readonly string[]): Promise<readonly StockBooks[]> {
  for (let look = 0; ; look++) {
    const books = await Promise.all(skus.map((sku) => stockBooks(operator, sku)))
    if (look === 50 || books.every(({ RESERVED }) => RESERVED === 0)) return books
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** What the vendors did for an order, by their own books. */
function dealt({ vendors }: KillableShop, { orderId }: PlacedOrder, { status, cancelReason }: FollowedOrder) {
  return { status, cancelReason, charges: charges(vendors, orderId), postings: postings(vendors, orderId) }
}

function expectedOf({ status, cancelReason }: FollowedOrder): ReturnType<typeof dealt> {
  if (status === 'FULFILLED') {
    return { status, cancelReason: null, charges: ['authorised', 'captured'], postings: 1 }
  }
  const declined = cancelReason === 'PAYMENT_DECLINED'
  return {
    status: 'CANCELLED',
    cancelReason: declined ? cancelReason : 'CUSTOMER',
    charges: declined ? ['declined'] : ['authorised', 'voided'],
    postings: 0,
  }
}

function unitsSold(ended: readonly Ended[], sku: string | undefined): number {
  const sold = ended.filter((basket) => basket.sku === sku && basket.end.status === 'FULFILLED')
  return sold.reduce((sum, basket) => sum + basket.quantity, 0)
}

function sell(books: StockBooks, units: number): StockBooks {
  return { ...books, AVAILABLE: books.AVAILABLE - units, CUSTOMER: books.CUSTOMER + units }
}

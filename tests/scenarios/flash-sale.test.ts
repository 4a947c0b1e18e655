import { describe, expect, it } from '@jest/globals'
import type { ShopClient } from '@stoa/app/shop-client'
import { z } from 'zod'
import { stockBooks } from '../support/books.ts'
import { available, buy, type FollowedOrder, untilOrder } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

const spread = z.object({
  stockSpread: z.object({
    shards: z.number().nullable(),
    userErrors: z.array(z.object({ code: z.string() })),
  }),
})

describe('a hundred jumpers in a flash sale, spread over eight shards', () => {
  it('are sold to whoever was there while there were any; the books close, and what is left is gathered', async () => {
    await using shop = await openTestShop()
    const operator = signedIn(shop, 'operator')
    expect(await spreadOver(operator, 8)).toEqual({ shards: 8, userErrors: [] })
    const people = [signedIn(shop, 'ada'), signedIn(shop, 'bo'), signedIn(shop, 'cleo')]
    // Twelve orders of nine are 108 jumpers: one is too many, whichever that is.
    const orders = await Promise.all(
      Array.from({ length: 12 }, (_, i) => buyNine(people[i % 3] ?? operator, `sale-${i}`)),
    )
    const sold = orders.filter(({ status }) => status === 'FULFILLED').length
    const told = orders.filter(({ cancelReason }) => cancelReason === 'NO_STOCK').length
    expect([sold, told]).toEqual([11, 1])
    await untilGathered(operator)
    expect(await available(operator, JUMPER)).toBe(1)
    expect(await stockBooks(operator, JUMPER)).toEqual({
      ...{ SUPPLIER: -100, AVAILABLE: 1, RESERVED: 0, CUSTOMER: 99, ADJUSTMENT: 0, TRANSFER: 0 },
    })
  })
})

async function buyNine(client: ShopClient, key: string): Promise<FollowedOrder> {
  const { order } = await buy(client, { sku: JUMPER, quantity: 9, key })
  return await untilOrder(
    client,
    order?.id ?? '',
    ({ status }) => status === 'CANCELLED' || status === 'FULFILLED',
  )
}

type Spread = z.output<typeof spread>['stockSpread']

async function spreadOver(operator: ShopClient, shards: number): Promise<Spread> {
  const answer = await operator.ask({
    document: `mutation Spread($sku: String!, $shards: Int!) {
      stockSpread(input: { sku: $sku, shards: $shards }) { shards userErrors { code } }
    }`,
    variables: { sku: JUMPER, shards },
    answer: spread,
  })
  return answer.stockSpread
}

/** An order may be fulfilled a moment before inventory has booked that it left. */
async function untilGathered(operator: ShopClient): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { shards, userErrors } = await spreadOver(operator, 1)
    if (shards === 1) return
    expect(userErrors).toEqual([{ code: 'SHARDS_HELD' }])
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Waited in vain for the shards to be gathered.')
}

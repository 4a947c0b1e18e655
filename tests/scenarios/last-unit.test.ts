import { describe, expect, it } from '@jest/globals'
import { available, buy, type FollowedOrder, untilFact, untilOrder } from '../support/buy.ts'
import { LAST_LAMP } from '../support/goods.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

describe('the last lamp, wanted by ada and bo at once', () => {
  it('goes to exactly one of them; the other is told and gets the money back', async () => {
    await using shop = await openTestShop()
    const ada = signedIn(shop, 'ada')
    const people = [ada, signedIn(shop, 'bo')]
    const bought = await Promise.all(people.map((who, i) => buy(who, { sku: LAST_LAMP, key: `lamp-${i}` })))
    const ids = bought.map(({ order }) => order?.id ?? '')
    const orders = await Promise.all(people.map((who, i) => untilOrder(who, ids[i] ?? '', hasEnded)))
    expect(orders.map((order) => order.status).toSorted()).toEqual(['CANCELLED', 'FULFILLED'])
    const loser = orders.findIndex((order) => order.status === 'CANCELLED')
    const told = await untilFact(people[loser] ?? ada, ids[loser] ?? '', 'PaymentVoided')
    expect(told).toMatchObject({ cancelReason: 'NO_STOCK', payments: [{ status: 'VOIDED' }] })
    expect(await available(ada, LAST_LAMP)).toBe(0)
  })
})

function hasEnded({ status }: FollowedOrder): boolean {
  return status === 'CANCELLED' || status === 'FULFILLED'
}

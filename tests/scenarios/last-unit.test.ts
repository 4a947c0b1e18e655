import { describe, expect, it } from '@jest/globals'
import { available, buy, look } from '../support/buy.ts'
import { LAST_LAMP } from '../support/goods.ts'
import { openTestShop, settle, signedIn } from '../support/test-shop.ts'

describe('the last lamp, wanted by ada and bo at once', () => {
  it('goes to exactly one of them; the other is told and gets the money back', async () => {
    await using shop = await openTestShop()
    const people = [signedIn(shop, 'ada'), signedIn(shop, 'bo')]
    const bought = await Promise.all(people.map((who, i) => buy(who, { sku: LAST_LAMP, key: `lamp-${i}` })))
    await settle(shop)
    await new Promise((resolve) => setTimeout(resolve, 600))
    await settle(shop)
    const orders = await Promise.all(people.map((who, i) => look(who, bought[i]?.order?.id ?? '')))
    expect(orders.map((order) => order.status).toSorted()).toEqual(['CANCELLED', 'FULFILLED'])
    const loser = orders.find((order) => order.status === 'CANCELLED')
    expect(loser).toMatchObject({ cancelReason: 'NO_STOCK', payments: [{ status: 'VOIDED' }] })
    expect(await available(people[0] ?? signedIn(shop, 'ada'), LAST_LAMP)).toBe(0)
  })
})

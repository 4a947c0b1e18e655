import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Shop } from '@stoa/app/shop'
import { charges } from '../support/books.ts'
import { buy, order, untilFact } from '../support/buy.ts'
import { goods, JUMPER, MUG } from '../support/goods.ts'
import { openTestShop, settle, signedIn } from '../support/test-shop.ts'

const stock = [
  { sku: JUMPER, levels: [{ locationId: 'DC-MIL', onHand: 100 }] },
  { sku: MUG, levels: [{ locationId: 'ST-MIL', onHand: 5 }] },
]
let shop: Shop
beforeAll(async () => {
  shop = await openTestShop({ data: { ...goods, stock } })
})
afterAll(async () => await shop[Symbol.asyncDispose]())

function chargesOf(orderId: string): readonly string[] {
  if (!shop.simulators) throw new Error('Expected the shop to have opened simulators of its own.')
  return charges(shop.simulators, orderId)
}

describe('ada picks up what she bought', () => {
  it.each(['NO-SUCH-PLACE', 'DC-MIL'])('not at %s: no order, and her card is not asked', async (pickupAt) => {
    const { order, userErrors } = await buy(signedIn(shop, 'ada'), { sku: MUG, key: pickupAt, pickupAt })
    expect(order).toBeNull()
    const path = ['delivery', 'locationId']
    expect(userErrors).toEqual([expect.objectContaining({ code: 'UNKNOWN_LOCATION', path })])
    await settle(shop)
    expect(shop.simulators?.payment.ledger()).toEqual([])
  })

  it('at a store that has it', async () => {
    const ada = signedIn(shop, 'ada')
    const { id, orderId } = await order(ada, { sku: MUG, key: 'ada-mug', pickupAt: 'ST-MIL' })
    expect(await untilFact(ada, id, 'PaymentCaptured')).toMatchObject({ status: 'FULFILLED' })
    expect(chargesOf(orderId)).toEqual(['authorised', 'captured'])
  })

  it('not at a store whose shelf is empty: the order ends, and her card is free again', async () => {
    const ada = signedIn(shop, 'ada')
    const { id, orderId } = await order(ada, { sku: JUMPER, key: 'ada-jumper', pickupAt: 'ST-MIL' })
    expect(await untilFact(ada, id, 'PaymentVoided')).toMatchObject({ cancelReason: 'NO_STOCK' })
    expect(chargesOf(orderId)).toEqual(['authorised', 'voided'])
  })
})

import { describe, expect, it } from '@jest/globals'
import { available, buy, untilFact } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openTestShop, settle, signedIn } from '../support/test-shop.ts'

describe('ada orders a jumper', () => {
  it('travels from checkout to fulfilled, paid once, told at each step, booked in the ERP', async () => {
    await using shop = await openTestShop()
    const ada = signedIn(shop, 'ada')
    const before = await available(ada, JUMPER)
    const { order, userErrors } = await buy(ada, { sku: JUMPER, quantity: 2, key: 'ada-1' })
    expect(userErrors).toEqual([])
    const done = await untilFact(ada, order?.id ?? '', 'OrderPosted')
    await settle(shop)
    expect(done.status).toBe('FULFILLED')
    expect(done.timeline.map((event) => event.type)).toEqual(
      expect.arrayContaining([
        'OrderCreated',
        'OrderProcessed',
        'ShipmentPrepared',
        'ShipmentProcessed',
        'OrderFulfilled',
        'PaymentCaptured',
      ]),
    )
    expect(await available(ada, JUMPER)).toBe(before - 2)
    const ledgers = shop.simulators
    expect(ledgers?.payment.ledger().map((entry) => entry.state)).toEqual(['authorised', 'captured'])
    expect(ledgers?.notification.ledger()).toHaveLength(3)
    expect(ledgers?.erp.ledger()).toHaveLength(1)
  })
})

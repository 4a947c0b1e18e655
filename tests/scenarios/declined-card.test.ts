import { describe, expect, it } from '@jest/globals'
import { available, buy, untilFact } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openTestShop, settle, signedIn } from '../support/test-shop.ts'

describe("bo's card is declined", () => {
  it('cancels the order, holds no stock and takes no money', async () => {
    await using shop = await openTestShop()
    const bo = signedIn(shop, 'bo')
    const before = await available(bo, JUMPER)
    const { order } = await buy(bo, { sku: JUMPER, key: 'bo-1', paymentToken: 'tok_declined' })
    const done = await untilFact(bo, order?.id ?? '', 'OrderCancelled')
    await settle(shop)
    expect(done).toMatchObject({ status: 'CANCELLED', cancelReason: 'PAYMENT_DECLINED' })
    expect(await available(bo, JUMPER)).toBe(before)
    expect(shop.simulators?.payment.ledger().map((entry) => entry.state)).toEqual(['declined'])
    expect(shop.simulators?.wms.ledger()).toEqual([])
  })
})

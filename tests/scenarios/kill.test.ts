import { describe, expect, it } from '@jest/globals'
import { createShopClient } from '@stoa/app/shop-client'
import { charges } from '../support/books.ts'
import { order, untilFact } from '../support/buy.ts'
import { stockedSkus } from '../support/demo-goods.ts'
import { openKillableShop } from '../support/killable-shop.ts'

describe('the shop is killed right after an order was acknowledged', () => {
  it('has the order when it starts again on the same folder, and finishes it, charged once', async () => {
    await using killable = await openKillableShop()
    const { url, vendors } = killable
    vendors.wms.behave({ mode: 'dead' })
    const guest = createShopClient(url)
    const first = await killable.start()
    const [sku = ''] = await stockedSkus(guest)
    const { id, orderId } = await order(guest, { sku, key: 'killed' })
    await first.kill()
    vendors.wms.behave({ mode: 'normal' })
    await killable.start()
    const done = await untilFact(guest, id, 'OrderPosted')
    expect(done.status).toBe('FULFILLED')
    expect(charges(vendors, orderId)).toEqual(['authorised', 'captured'])
  }, 40_000)
})

import { describe, expect, it } from '@jest/globals'
import type { Shop } from '@stoa/app/shop'
import { SIGNATURE_HEADER, signWebhook } from '@stoa/platform/webhook-signature'
import { charges, messages, postings, stockBooks } from '../support/books.ts'
import { look, order, times } from '../support/buy.ts'
import { goods, JUMPER, MUG } from '../support/goods.ts'
import { openVirtualShop, passTime, settle, signedIn } from '../support/test-shop.ts'

/** Whoever wants three gets two parcels. */
const jumpersInTwoPlaces = [
  { locationId: 'DC-MIL', onHand: 2 },
  { locationId: 'ST-MIL', onHand: 2 },
]

describe('the warehouse tells everything twice and in the wrong order', () => {
  it('and each parcel leaves once, each order is fulfilled once', async () => {
    const stock = [
      ...goods.stock.filter(({ sku }) => sku !== JUMPER),
      { sku: JUMPER, levels: jumpersInTwoPlaces },
    ]
    await using open = await openVirtualShop({ data: { ...goods, stock } })
    const { shop, clock, vendors } = open
    const [ada, bo] = [signedIn(shop, 'ada'), signedIn(shop, 'bo')]
    const jumpers = await order(ada, { sku: JUMPER, quantity: 3, key: 'two-parcels' })
    await settle(shop)
    vendors.wms.behave({ mode: 'reordering', ms: 5_000 })
    await passTime(open, 60_000)
    vendors.wms.behave({ mode: 'duplicating', share: 1 })
    const mug = await order(bo, { sku: MUG, key: 'twice' })
    await passTime(open, 60_000)
    expect(await noticesAsTheyCame(shop)).toEqual([2, 1, 3])
    // An hour later all of it comes again.
    await passTime(open, 3_600_000)
    expect(await repeatNotices(shop, vendors.wms.ledger(), clock.now())).toEqual([202, 202, 202])
    await passTime(open, 60_000)

    const done = await look(ada, jumpers.id)
    expect([times(done, 'ShipmentProcessed'), times(done, 'OrderFulfilled')]).toEqual([2, 1])
    const bos = await look(bo, mug.id)
    expect([times(bos, 'ShipmentProcessed'), times(bos, 'OrderFulfilled')]).toEqual([1, 1])
    for (const { orderId } of [jumpers, mug]) {
      expect(charges(vendors, orderId)).toEqual(['authorised', 'captured'])
      expect(postings(vendors, orderId)).toBe(1)
    }
    expect(messages(vendors, mug.orderNumber)).toHaveLength(3)
    expect(await stockBooks(signedIn(shop, 'operator'), JUMPER)).toMatchObject({ AVAILABLE: 1, CUSTOMER: 3 })
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})

/** By the number the warehouse gave each. */
async function noticesAsTheyCame(shop: Shop): Promise<readonly number[]> {
  const { events } = await shop.bus.archive({ limit: 10, pattern: { 'detail-type': ['WarehouseShipped'] } })
  return events.map((event) => event.version)
}

type Entry = ReturnType<NonNullable<Shop['simulators']>['wms']['ledger']>[number]

/** Posts every notice there ever was, signed anew; answers the statuses. */
async function repeatNotices(shop: Shop, entries: readonly Entry[], now: number): Promise<readonly number[]> {
  const notices = entries.flatMap((entry) => ('notice' in entry ? [JSON.stringify(entry.notice)] : []))
  const answers = notices.map((body) =>
    fetch(`${shop.url}/hooks/wms`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: signWebhook(body, shop.edge.webhookSecret, now),
      },
      body,
    }),
  )
  return (await Promise.all(answers)).map((answer) => answer.status)
}

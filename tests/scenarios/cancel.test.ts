import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { charges, type StockBooks, stockBooks } from '../support/books.ts'
import { available, cancel, look, order } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { openVirtualShop, passTime, settle, signedIn, type VirtualShop } from '../support/test-shop.ts'

const MINUTE_MS = 60_000

describe('ada cancels', () => {
  let open: VirtualShop
  beforeAll(async () => {
    open = await openVirtualShop()
  })
  afterAll(async () => await open[Symbol.asyncDispose]())

  it('before anything is prepared: it ends at once, and a payment that comes late is given back', async () => {
    const { shop, vendors } = open
    const ada = signedIn(shop, 'ada')
    vendors.payment.behave({ mode: 'losing-replies', share: 1 })
    const jumper = await order(ada, { sku: JUMPER, key: 'early' })
    await settle(shop)
    expect(await cancel(ada, jumper.id)).toMatchObject({ order: { status: 'CANCELLED' }, userErrors: [] })
    vendors.payment.behave({ mode: 'normal' })
    await passTime(open, MINUTE_MS)
    expect(await look(ada, jumper.id)).toMatchObject({ status: 'CANCELLED', cancelReason: 'CUSTOMER' })
    expect(charges(vendors, jumper.orderId)).toEqual(['authorised', 'voided'])
    expect(vendors.wms.ledger()).toEqual([])
    expect(await books()).toEqual(untouched)
  })

  it('while the warehouse has it: the pick is stopped, stock and money go back', async () => {
    const { shop, vendors } = open
    const ada = signedIn(shop, 'ada')
    const jumpers = await order(ada, { sku: JUMPER, quantity: 3, key: 'prepared' })
    await settle(shop)
    expect(await look(ada, jumpers.id)).toMatchObject({ status: 'PREPARED' })
    expect(await available(ada, JUMPER)).toBe(97)
    const asked = await cancel(ada, jumpers.id)
    expect(asked).toMatchObject({ order: { status: 'CANCELLATION_REQUESTED' }, userErrors: [] })
    await passTime(open, MINUTE_MS)
    const ended = await look(ada, jumpers.id)
    expect(ended).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'CUSTOMER',
      payments: [{ status: 'VOIDED' }],
    })
    expect(charges(vendors, jumpers.orderId)).toEqual(['authorised', 'voided'])
    expect(vendors.wms.ledger().map((entry) => entry.event)).toEqual(['pick_ordered', 'pick_cancelled'])
    expect(await books()).toEqual(untouched)
    expect(await available(ada, JUMPER)).toBe(100)
  })

  it('when the goods have just left: the warehouse refuses, the order fulfils all the same', async () => {
    const { shop, vendors } = open
    const ada = signedIn(shop, 'ada')
    const jumper = await order(ada, { sku: JUMPER, key: 'leaving' })
    await settle(shop)
    // The goods leave, and the news of it is held up for a minute.
    vendors.wms.behave({ mode: 'reordering', ms: MINUTE_MS })
    await passTime(open, 1_000)
    vendors.wms.behave({ mode: 'normal' })
    expect(await cancel(ada, jumper.id)).toMatchObject({ order: { status: 'CANCELLATION_REQUESTED' } })
    await passTime(open, 2 * MINUTE_MS)
    const done = await look(ada, jumper.id)
    expect(done.status).toBe('FULFILLED')
    expect(done.timeline.map((event) => event.type)).toContain('OrderCancellationRefused')
    expect(charges(vendors, jumper.orderId)).toEqual(['authorised', 'captured'])
    expect(await books()).toEqual({ ...untouched, AVAILABLE: 99, CUSTOMER: 1 })
  })

  it('when it is fulfilled: refused with a code, and nothing changes', async () => {
    const { shop, vendors } = open
    const ada = signedIn(shop, 'ada')
    const jumper = await order(ada, { sku: JUMPER, key: 'late' })
    await passTime(open, MINUTE_MS)
    const refused = await cancel(ada, jumper.id)
    expect(refused).toMatchObject({
      order: { status: 'FULFILLED' },
      userErrors: [{ code: 'ORDER_NOT_CANCELLABLE' }],
    })
    await passTime(open, MINUTE_MS)
    expect(charges(vendors, jumper.orderId)).toEqual(['authorised', 'captured'])
    expect(await books()).toEqual({ ...untouched, AVAILABLE: 98, CUSTOMER: 2 })
    expect(await shop.bus.deadLetters()).toEqual([])
  })

  const untouched: StockBooks = {
    SUPPLIER: -100,
    AVAILABLE: 100,
    RESERVED: 0,
    CUSTOMER: 0,
    ADJUSTMENT: 0,
    TRANSFER: 0,
  }
  const books = (): Promise<StockBooks> => stockBooks(signedIn(open.shop, 'operator'), JUMPER)
})

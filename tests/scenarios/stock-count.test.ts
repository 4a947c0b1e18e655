import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type StockBooks, stockBooks } from '../support/books.ts'
import { available, look, order } from '../support/buy.ts'
import { JUMPER, LAST_LAMP } from '../support/goods.ts'
import { openVirtualShop, passTime, settle, signedIn, type VirtualShop } from '../support/test-shop.ts'

describe('somebody counts a shelf', () => {
  let open: VirtualShop
  beforeAll(async () => {
    open = await openVirtualShop()
  })
  afterAll(async () => await open[Symbol.asyncDispose]())

  const count = async (sku: string, counted: number): Promise<void> => {
    open.vendors.wms.count({ article: sku, warehouse: 'DC-MIL', counted })
    await settle(open.shop)
  }
  const books = (sku: string): Promise<StockBooks> => stockBooks(signedIn(open.shop, 'operator'), sku)

  it('and finds ten too few: they are not sold any more, the ledger says where they went', async () => {
    const ada = signedIn(open.shop, 'ada')
    const jumpers = await order(ada, { sku: JUMPER, quantity: 3, key: 'held' })
    await settle(open.shop)
    await count(JUMPER, 90)
    // Ada's three still lie on the shelf that was counted.
    expect(await available(ada, JUMPER)).toBe(87)
    const counted = { SUPPLIER: -100, ADJUSTMENT: 10, TRANSFER: 0 }
    expect(await books(JUMPER)).toEqual({ ...counted, AVAILABLE: 87, RESERVED: 3, CUSTOMER: 0 })
    await passTime(open, 60_000)
    expect(await look(ada, jumpers.id)).toMatchObject({ status: 'FULFILLED' })
    expect(await books(JUMPER)).toEqual({ ...counted, AVAILABLE: 87, RESERVED: 0, CUSTOMER: 3 })
  })

  it('and finds one more lamp, told twice: bo can have a second one, but no third', async () => {
    const bo = signedIn(open.shop, 'bo')
    await passTime(open, 1_000)
    open.vendors.wms.behave({ mode: 'duplicating', share: 1 })
    await count(LAST_LAMP, 2)
    expect(await available(bo, LAST_LAMP)).toBe(2)
    const lamps = await order(bo, { sku: LAST_LAMP, quantity: 2, key: 'two-lamps' })
    const third = await order(bo, { sku: LAST_LAMP, key: 'third-lamp' })
    await passTime(open, 60_000)
    expect(await look(bo, lamps.id)).toMatchObject({ status: 'FULFILLED' })
    expect(await look(bo, third.id)).toMatchObject({ status: 'CANCELLED', cancelReason: 'NO_STOCK' })
    expect(await books(LAST_LAMP)).toEqual({
      ...{ SUPPLIER: -1, ADJUSTMENT: -1, AVAILABLE: 0, RESERVED: 0, CUSTOMER: 2, TRANSFER: 0 },
    })
    expect(await open.shop.bus.deadLetters()).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { charges } from '../support/books.ts'
import { look, order } from '../support/buy.ts'
import { JUMPER, MUG } from '../support/goods.ts'
import { openVirtualShop, passTime, settle, signedIn, type VirtualShop } from '../support/test-shop.ts'

const HOUR_MS = 3_600_000
const PAID_ONCE = ['authorised', 'captured']

describe('the payment provider', () => {
  let open: VirtualShop
  beforeAll(async () => {
    open = await openVirtualShop()
  })
  afterAll(async () => await open[Symbol.asyncDispose]())

  it('is down for an hour: the order waits, goes on by itself, and is charged once', async () => {
    const { shop, vendors } = open
    const ada = signedIn(shop, 'ada')
    vendors.payment.behave({ mode: 'dead' })
    const jumper = await order(ada, { sku: JUMPER, key: 'waits' })
    await passTime(open, HOUR_MS)
    expect(await look(ada, jumper.id)).toMatchObject({ status: 'CREATED', payments: [{ status: 'PENDING' }] })
    expect(charges(vendors, jumper.orderId)).toEqual([])
    vendors.payment.behave({ mode: 'normal' })
    await passTime(open, HOUR_MS)
    expect(await look(ada, jumper.id)).toMatchObject({ status: 'FULFILLED' })
    expect(charges(vendors, jumper.orderId)).toEqual(PAID_ONCE)
  })

  it('is down between promise and payment: the goods leave, the money is taken later, once', async () => {
    const { shop, vendors } = open
    const cleo = signedIn(shop, 'cleo')
    const mug = await order(cleo, { sku: MUG, key: 'captured-late' })
    await settle(shop)
    vendors.payment.behave({ mode: 'dead' })
    await passTime(open, HOUR_MS)
    expect(await look(cleo, mug.id)).toMatchObject({
      status: 'FULFILLED',
      payments: [{ status: 'AUTHORISED' }],
    })
    vendors.payment.behave({ mode: 'normal' })
    await passTime(open, HOUR_MS)
    expect(await look(cleo, mug.id)).toMatchObject({ payments: [{ status: 'CAPTURED' }] })
    expect(charges(vendors, mug.orderId)).toEqual(PAID_ONCE)
  })

  it('does the work and loses its replies: nobody pays twice, a declined card stays declined', async () => {
    const { shop, vendors } = open
    const [bo, cleo] = [signedIn(shop, 'bo'), signedIn(shop, 'cleo')]
    vendors.payment.behave({ mode: 'losing-replies', share: 1 })
    const mug = await order(bo, { sku: MUG, key: 'lost' })
    const declined = await order(cleo, { sku: MUG, key: 'no-funds', paymentToken: 'tok_declined' })
    await passTime(open, HOUR_MS / 6)
    expect(charges(vendors, mug.orderId)).toEqual(['authorised'])
    // From here on every other reply gets through, also for what follows.
    vendors.payment.behave({ mode: 'losing-replies', share: 0.5 })
    await passTime(open, HOUR_MS)
    expect(await look(bo, mug.id)).toMatchObject({ status: 'FULFILLED', payments: [{ status: 'CAPTURED' }] })
    expect(charges(vendors, mug.orderId)).toEqual(PAID_ONCE)
    expect(await look(cleo, declined.id)).toMatchObject({ cancelReason: 'PAYMENT_DECLINED' })
    expect(charges(vendors, declined.orderId)).toEqual(['declined'])
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})

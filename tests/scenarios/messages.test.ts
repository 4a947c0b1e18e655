import { describe, expect, it } from '@jest/globals'
import { charges, messages, postings } from '../support/books.ts'
import { look, order, times } from '../support/buy.ts'
import { JUMPER, MUG } from '../support/goods.ts'
import { openVirtualShop, passTime, signedIn } from '../support/test-shop.ts'

const HOUR_MS = 3_600_000
const COURSE = ['order-confirmation', 'parcel-on-its-way', 'order-complete']

describe('the messenger has a bad day', () => {
  it.each([
    ['fails every other time', { mode: 'failing', status: 503, share: 0.5 }],
    ['does everything twice', { mode: 'duplicating', share: 1 }],
    ['sends and loses its replies', { mode: 'losing-replies', share: 0.7 }],
  ] as const)('%s: each customer gets one message per step, in order', async (_day, behaviour) => {
    await using open = await openVirtualShop()
    const { shop, vendors } = open
    const people = (['ada', 'bo', 'cleo'] as const).map((who) => signedIn(shop, who))
    vendors.notification.behave(behaviour)
    const orders = await Promise.all(people.map((who, i) => order(who, { sku: MUG, key: `step-${i}` })))
    const unpaid = await order(signedIn(shop, 'ada'), { sku: MUG, key: 'no', paymentToken: 'tok_declined' })
    await passTime(open, HOUR_MS)
    for (const { orderNumber } of orders) expect(messages(vendors, orderNumber)).toEqual(COURSE)
    expect(messages(vendors, unpaid.orderNumber)).toEqual(['order-confirmation', 'payment-declined'])
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})

describe('ERP and messenger are down for an hour', () => {
  it('and nobody waits for them: the order is fulfilled, books and messages are caught up after', async () => {
    await using open = await openVirtualShop()
    const { shop, vendors } = open
    const bo = signedIn(shop, 'bo')
    vendors.erp.behave({ mode: 'dead' })
    vendors.notification.behave({ mode: 'dead' })
    const jumper = await order(bo, { sku: JUMPER, key: 'nobody-waits' })
    await passTime(open, 1_000)
    expect(await look(bo, jumper.id)).toMatchObject({
      status: 'FULFILLED',
      payments: [{ status: 'CAPTURED' }],
    })
    await passTime(open, HOUR_MS)
    expect([postings(vendors, jumper.orderId), messages(vendors, jumper.orderNumber)]).toEqual([0, []])

    vendors.erp.behave({ mode: 'normal' })
    vendors.notification.behave({ mode: 'normal' })
    await passTime(open, HOUR_MS / 6)
    expect([postings(vendors, jumper.orderId), messages(vendors, jumper.orderNumber)]).toEqual([1, COURSE])
    expect(times(await look(bo, jumper.id), 'OrderPosted')).toBe(1)
    expect(charges(vendors, jumper.orderId)).toEqual(['authorised', 'captured'])
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})

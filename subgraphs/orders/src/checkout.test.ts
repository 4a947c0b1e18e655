import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import { isOrderNumber } from './domain/order/order-number.ts'
import {
  cartUpdate,
  checkout,
  filledCart,
  placed,
  seeCart,
  seeOrder,
  seeRecent,
} from './shop-talk.fixture.ts'
import { ada, openTestOrders, type TestOrders } from './test-orders.fixture.ts'

const engines: readonly [string, () => Promise<EventStore>][] = [
  ['memory', async () => openMemoryStore({ clock: createVirtualClock() })],
  ['SQLite', async () => await openSqliteStore({ path: ':memory:', clock: createVirtualClock() })],
]

describe.each(engines)('checkoutSubmit on %s', (_, open) => {
  it('makes one order of one key sent fifty times at once, and gives the same answer each time', async () => {
    await using shop = await openTestOrders({ store: await open() })
    const cartId = await filledCart(shop)
    const input = { cartId, idempotencyKey: 'fifty' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => checkout(shop, input)))
    expect(answers[0]?.order?.status).toBe('CREATED')
    for (const answer of answers) expect(answer).toEqual(answers[0])
    await shop.settle()
    expect(await checkout(shop, input)).toEqual(answers[0])
    expect(shop.bank.entries.map((entry) => entry.what)).toEqual(['authorised'])
    expect(await recentIds(shop)).toHaveLength(1)
  })

  it('takes in two hundred different changes of one cart at once', async () => {
    await using shop = await openTestOrders({ store: await open() })
    const cartId = await filledCart(shop)
    const actions = [{ addLine: { sku: 'MUG-1', quantity: 1 } }]
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => cartUpdate(shop, { cartId, actions })),
    )
    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([])
    expect(await seeCart(shop, cartId)).toMatchObject({ totalQuantity: 203 })
  })

  it('makes one order of one cart under different keys at once; the others hear which', async () => {
    await using shop = await openTestOrders({ store: await open() })
    const cartId = await filledCart(shop)
    const keys = Array.from({ length: 10 }, (_, i) => `key-${i}`)
    const answers = await Promise.all(
      keys.map((idempotencyKey) => checkout(shop, { cartId, idempotencyKey })),
    )
    const won = answers.filter((answer) => answer.order)
    const orderId = won[0]?.order?.orderId
    expect(won).toHaveLength(1)
    expect(answers.flatMap((answer) => answer.userErrors)).toEqual(
      Array.from({ length: 9 }, () => expect.objectContaining({ code: 'CART_ALREADY_CHECKED_OUT', orderId })),
    )
    expect(await recentIds(shop)).toEqual([orderId])
  })

  it('lets changes to one cart from several places all get through', async () => {
    await using shop = await openTestOrders({ store: await open() })
    const cartId = await filledCart(shop)
    const add = { cartId, actions: [{ addLine: { sku: 'MUG-1', quantity: 2 } }] }
    await Promise.all(Array.from({ length: 5 }, () => cartUpdate(shop, add)))
    expect((await seeCart(shop, cartId))?.totalQuantity).toBe(13)
  })
})

describe('checkoutSubmit', () => {
  it('refuses a key that was used for something else', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    await checkout(shop, { cartId, idempotencyKey: 'same' })
    const again = await checkout(shop, { cartId, idempotencyKey: 'same', paymentToken: 'tok_other' })
    expect(again).toMatchObject({
      order: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['idempotencyKey'] }],
    })
  })

  it('keeps the keys of different people apart', async () => {
    await using shop = await openTestOrders()
    const guest = { principal: { kind: 'anonymous' } } as const
    const [first, second] = [await filledCart(shop, guest), await filledCart(shop, guest)]
    const mine = await filledCart(shop)
    const answers = [
      await checkout(shop, { cartId: first, idempotencyKey: 'k' }, guest),
      await checkout(shop, { cartId: second, idempotencyKey: 'k' }, guest),
      await checkout(shop, { cartId: mine, idempotencyKey: 'k' }, { principal: ada }),
    ]
    expect(new Set(answers.map((answer) => answer.order?.orderId)).size).toBe(3)
  })

  it('takes the key of the request before that of the input', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    const first = await checkout(shop, { cartId }, { idempotencyKey: 'from-the-header' })
    expect(
      await checkout(shop, { cartId, idempotencyKey: 'x' }, { idempotencyKey: 'from-the-header' }),
    ).toEqual(first)
  })

  it('charges lines plus shipping, under a number that can be read out', async () => {
    await using shop = await openTestOrders()
    const order = await placed(shop)
    expect(order.total).toEqual({ amount: '45.90', currency: 'EUR' })
    expect(isOrderNumber(order.orderNumber)).toBe(true)
    expect(shop.bank.entries).toEqual([{ orderId: order.orderId, what: 'authorised', minor: 4_590 }])
  })

  it('ships for nothing to a store', async () => {
    await using shop = await openTestOrders()
    const order = await placed(shop, { delivery: { method: 'PICKUP', locationId: 'ST-TURIN' } })
    expect(order.total).toEqual({ amount: '40.00', currency: 'EUR' })
  })

  it('draws another number when one is taken', async () => {
    const draws = [0.5, 0.5, 0.5, 0.25]
    let n = 0
    const random = { next: () => draws[n++] ?? 0.75, uuid: () => crypto.randomUUID() }
    await using shop = await openTestOrders({ random })
    const [one, two] = [await filledCart(shop), await filledCart(shop)]
    const first = await checkout(shop, { cartId: one, idempotencyKey: 'a' })
    const second = await checkout(shop, { cartId: two, idempotencyKey: 'b' })
    expect(first.order?.orderNumber).toMatch(/^500-000-000/)
    expect(second.order?.orderNumber).toMatch(/^250-000-000/)
  })

  it('is read back in the same moment, in lists too', async () => {
    await using shop = await openTestOrders()
    shop.bank.dead = true
    const cartId = await filledCart(shop)
    const { order } = await checkout(shop, { cartId, idempotencyKey: 'k' })
    expect(await seeOrder(shop, order?.id ?? '')).toEqual(order)
    expect(await recentIds(shop)).toEqual([order?.orderId])
  })
})

async function recentIds(shop: TestOrders): Promise<readonly string[]> {
  return (await seeRecent(shop)).nodes.map((node) => node.orderId)
}

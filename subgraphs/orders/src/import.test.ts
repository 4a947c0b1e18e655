import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { adaOrder, fold, fulfilled, stories, voided } from './domain/order/ada-order.fixture.ts'
import type { OrderEvent } from './domain/order/event.ts'
import { importOrders, importPrices } from './import.ts'
import { seeOrder, seeRecent } from './shop-talk.fixture.ts'
import { openTestOrders } from './test-orders.fixture.ts'

type OrderImport = Parameters<typeof importOrders>[1][number]

describe('importOrders', () => {
  it('takes in orders of every state, which nobody acts on', async () => {
    await using shop = await openTestOrders()
    const orders = Object.values(stories).map((story, i) => past(story, i))
    expect(await importOrders(shop.store, orders)).toBe(orders.length)
    await shop.settle()
    expect(shop.bank.entries).toEqual([])
    expect(shop.books.size).toBe(0)
    expect((await seeRecent(shop)).nodes).toHaveLength(orders.length)
    expect(await seeOrder(shop, orders[4]?.orderId ?? '')).toMatchObject({ status: 'FULFILLED' })
  })

  it('keeps when each fact happened, and what it made of the order', async () => {
    await using store = openMemoryStore({ clock: createVirtualClock() })
    await importOrders(store, [past(stories.captured, 0)])
    const events = await store.load('order-O-0')
    expect(events.map((event) => event.version)).toEqual(events.map((_, i) => i + 1))
    expect(events.every((event) => event.meta.imported)).toBe(true)
    const row = await store.get({ table: 'orders', partition: 'O-0', sort: 'order' })
    // What was recorded is what the domain folds.
    const state = fold(events.map(({ type, data, at }) => ({ type, data, at }) as unknown as OrderEvent))
    expect(row?.value).toEqual(state)
    const times = state.status === 'NONE' ? [] : state.timeline.map((moment) => moment.at)
    expect(times).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => i * 1_000))
  })

  it('leaves what is there already as it is', async () => {
    await using store = openMemoryStore({ clock: createVirtualClock() })
    const orders = [past(stories.created, 0), past(stories.created, 1)]
    expect(await importOrders(store, orders)).toBe(2)
    expect(await importOrders(store, [...orders, past(stories.created, 2)])).toBe(1)
  })

  it.each([
    [
      'a fact that cannot follow',
      [...stories.created, fulfilled],
      'fact 2: .*OrderFulfilled follows PARTLY_SHIPPED',
    ],
    [
      'money given back of an order that goes on',
      [...stories.processed, voided],
      'fact 3: .*PaymentVoided follows CANCELLED',
    ],
    ['no beginning', [fulfilled], 'fact 1: .*follows OrderCreated'],
    ['nothing', [], 'no facts'],
    [
      'totals that do not add up',
      [{ type: 'OrderCreated', data: { ...adaOrder, shipping: { minor: 1, currency: 'EUR' } } }],
      'total',
    ],
    [
      'a fact of another order',
      [...stories.created, { type: 'PaymentDeclined', data: { orderId: 'O-9', reason: 'other' } }],
      'is of O-9',
    ],
    [
      'a fact of somebody else',
      [...stories.created, { type: 'StockReleased', data: { orderId: 'O-0', reason: '' } }],
      'is not an order’s',
    ],
    [
      'a fact that is not as declared',
      [{ type: 'OrderCreated', data: { orderId: 'O-0' } }],
      'not as declared',
    ],
  ])('refuses %s, and writes nothing', async (_, story, message) => {
    await using store = openMemoryStore({ clock: createVirtualClock() })
    const facts = (story as OrderEvent[]).map((event, i) => ({ at: i, event: renamed(event, 'O-0') }))
    const good = past(stories.created, 1)
    await expect(importOrders(store, [good, { orderId: 'O-0', facts }])).rejects.toThrow(new RegExp(message))
    expect(await store.load('order-O-1')).toEqual([])
  })
})

describe('importPrices', () => {
  it('refuses what is no price, and writes nothing', async () => {
    await using store = openMemoryStore({ clock: createVirtualClock() })
    const good = { sku: 'S-1', market: 'IT', minor: 100, currency: 'EUR', productId: 'P', name: 'S' }
    for (const bad of [{ minor: -1 }, { minor: 1.5 }, { currency: 'GBP' }, { market: 'XX' }]) {
      await expect(importPrices(store, [good, { ...good, ...bad }])).rejects.toThrow('cannot be imported')
    }
    expect(await store.get({ table: 'prices', partition: 'S-1', sort: 'IT' })).toBeUndefined()
  })
})

function past(story: readonly OrderEvent[], index: number): OrderImport {
  const orderId = `O-${index}`
  return {
    orderId,
    facts: story.map((event, i) => ({ at: 1_000 * (i + 1), event: renamed(event, orderId) })),
  }
}

function renamed(event: OrderEvent, orderId: string): OrderImport['facts'][number]['event'] {
  if (event.data.orderId !== 'O-1') return event
  const text = JSON.stringify(event).replaceAll('"O-1', `"${orderId}`).replace('481-209-3375', orderId)
  // The same event under another id.
  return JSON.parse(text) as OrderImport['facts'][number]['event']
}

import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { checkout, filledCart, placed, toTurin } from './shop-talk.fixture.ts'
import { openTestOrders, operator } from './test-orders.fixture.ts'

const atTurin = { method: 'PICKUP', locationId: 'ST-TURIN' }

describe('what a request costs', () => {
  it('is one read for a hundred references to orders', async () => {
    const { store, calls } = counted()
    await using shop = await openTestOrders({ store })
    const { orderId, id } = await placed(shop)
    const them = Array.from({ length: 100 }, (_, i) =>
      i % 2 ? { __typename: 'Order', id } : { __typename: 'Order', orderId: i ? `O-${i}` : orderId },
    )
    calls.length = 0
    const { data, errors } = await shop.ask(
      'query ($them: [_Any!]!) { _entities(representations: $them) { ... on Order { orderId status timeline { at } } } }',
      { them },
    )
    expect(errors).toBeUndefined()
    expect(data?.['_entities']).toHaveLength(100)
    expect(calls).toEqual(['getMany'])
  })

  it('is two reads for any number of carts: what is in them, and what it costs', async () => {
    const { store, calls } = counted()
    await using shop = await openTestOrders({ store })
    const ids = [await filledCart(shop), await filledCart(shop), await filledCart(shop)]
    calls.length = 0
    const query = `{ ${ids.map((id, i) => `c${i}: cart(id: "${id}") { total { amount } lines { total { amount } } }`).join(' ')} }`
    await shop.ask(query)
    expect(calls).toEqual(['getMany', 'getMany'])
  })

  it('is the same for a page of two orders as for a page of ten', async () => {
    const { store, calls } = counted()
    await using shop = await openTestOrders({ store })
    for (let i = 0; i < 10; i++) await placed(shop)
    const costs = []
    for (const first of [2, 10]) {
      calls.length = 0
      const query = `{ ordersRecent(first: ${first}) { nodes { orderNumber timeline { text } shipments { lines { sku } } } } }`
      await shop.ask(query, {}, { principal: operator })
      costs.push(calls.toSorted().join())
    }
    expect(costs[0]).toBe(costs[1])
    expect(costs[0]?.match(/getMany/g)).toHaveLength(1)
  })

  it.each([
    ['three reads and one write for a checkout', toTurin, ['getMany', 'getMany', 'get', 'commit']],
    ['one read more for a pickup, beside another', atTurin, ['getMany', 'getMany', 'get', 'get', 'commit']],
  ])('is %s', async (_, delivery, expected) => {
    const { store, calls } = counted()
    await using shop = await openTestOrders({ store })
    const cartId = await filledCart(shop)
    calls.length = 0
    shop.bank.dead = true
    const done = await checkout(shop, { cartId, idempotencyKey: 'k', delivery })
    expect(done.userErrors).toEqual([])
    expect(calls.slice(0, expected.length)).toEqual(expected)
  })
})

/** A store that says which of its methods were called. */
function counted(): { readonly store: EventStore; readonly calls: string[] } {
  const calls: string[] = []
  const store = openMemoryStore({ clock: createVirtualClock() })
  return {
    calls,
    store: {
      ...store,
      get: (key) => {
        calls.push('get')
        return store.get(key)
      },
      getMany: (keys) => {
        calls.push('getMany')
        return store.getMany(keys)
      },
      query: (query) => {
        calls.push('query')
        return store.query(query)
      },
      load: (stream, range) => {
        calls.push('load')
        return store.load(stream, range)
      },
      commit: (transaction) => {
        calls.push('commit')
        return store.commit(transaction)
      },
    },
  }
}

import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { importPickupLocations } from './import.ts'
import { checkout, filledCart } from './shop-talk.fixture.ts'
import { openTestOrders, type TestOrders } from './test-orders.fixture.ts'

describe('a store that inventory tells of', () => {
  it('can be chosen once it was heard of', async () => {
    await using shop = await openTestOrders()
    expect(await codesAt(shop, 'ST-ASTI')).toEqual(['UNKNOWN_LOCATION'])
    await hearOf(shop, 'ST-ASTI', 'STORE')
    expect(await codesAt(shop, 'ST-ASTI')).toEqual([])
  })

  it('cannot be chosen any more when it became a warehouse', async () => {
    await using shop = await openTestOrders()
    expect(await codesAt(shop, 'ST-TURIN')).toEqual([])
    await hearOf(shop, 'ST-TURIN', 'DC')
    expect(await codesAt(shop, 'ST-TURIN')).toEqual(['UNKNOWN_LOCATION'])
  })
})

describe('before inventory told of any place', () => {
  it('every place is left for inventory to judge', async () => {
    await using shop = await openTestOrders({ locations: [] })
    expect(await codesAt(shop, 'ST-ASTI')).toEqual([])
    await hearOf(shop, 'ST-TURIN', 'STORE')
    expect(await codesAt(shop, 'ST-ASTI')).toEqual(['UNKNOWN_LOCATION'])
  })
})

describe('importPickupLocations', () => {
  it('refuses an id that is none, and writes nothing', async () => {
    await using store = openMemoryStore({ clock: createVirtualClock() })
    const places = [
      { locationId: 'ST-TURIN', kind: 'STORE' },
      { locationId: 'a b', kind: 'STORE' },
    ] as const
    await expect(importPickupLocations(store, places)).rejects.toThrow('cannot be imported')
    expect((await store.query({ table: 'locations', partition: 'all', limit: 10 })).rows).toEqual([])
  })
})

/** Why a fresh cart cannot be picked up there. */
async function codesAt(shop: TestOrders, locationId: string): Promise<readonly string[]> {
  const cartId = await filledCart(shop)
  const delivery = { method: 'PICKUP', locationId }
  const { order, userErrors } = await checkout(shop, { cartId, idempotencyKey: cartId, delivery })
  expect(order === null).toBe(userErrors.length > 0)
  return userErrors.map(({ code }) => code)
}

function hearOf(shop: TestOrders, locationId: string, kind: 'DC' | 'STORE'): Promise<void> {
  const data = { locationId, kind, name: locationId, country: 'IT' }
  return shop.hear('inventory', { type: 'LocationChanged', data })
}

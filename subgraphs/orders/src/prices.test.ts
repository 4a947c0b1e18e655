import { describe, expect, it } from '@jest/globals'
import { cartUpdate, checkout, filledCart, seeCart } from './shop-talk.fixture.ts'
import { openTestOrders, type TestOrders } from './test-orders.fixture.ts'

describe('a price that changes while something is in a cart', () => {
  it('is a warning on the cart until it is accepted', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    await reprice(shop, 1_600)
    const cart = await seeCart(shop, cartId)
    expect(cart).toMatchObject({
      total: { amount: '47.90' },
      warnings: [{ code: 'PRICE_CHANGED', lineId: 'L1' }],
    })
    const accepted = await cartUpdate(shop, { cartId, actions: [{ acceptPrices: true }] })
    expect(accepted.cart).toMatchObject({ total: { amount: '47.90' }, warnings: [] })
  })

  it('is never charged unseen', async () => {
    await using shop = await openTestOrders()
    const cartId = await filledCart(shop)
    await reprice(shop, 1_600)
    const unseen = await checkout(shop, { cartId, idempotencyKey: 'k' })
    const newTotal = { amount: '47.90', currency: 'EUR' }
    expect(unseen.userErrors).toEqual([
      expect.objectContaining({ __typename: 'CheckoutTotalChanged', code: 'PRICE_CHANGED', newTotal }),
    ])
    const seen = { cartId, idempotencyKey: 'k', expectedTotal: { amountMinor: '4790', currency: 'EUR' } }
    expect((await checkout(shop, seen)).order?.total).toEqual(newTotal)
  })

  it('keeps its name when the change does not say one', async () => {
    await using shop = await openTestOrders()
    await reprice(shop, 1_600)
    const row = await shop.store.get({ table: 'prices', partition: 'TEE-1', sort: 'IT' })
    expect(row?.value).toEqual({ minor: 1_600, productId: 'P-1', name: 'Shirt' })
  })
})

describe('a price that is none', () => {
  it.each([
    ['in another currency than its market', 1_600, 'GBP'],
    ['below nothing', -1, 'EUR'],
    ['beyond reason', 10_000_000_001, 'EUR'],
  ] as const)('%s changes nothing', async (_, minor, currency) => {
    await using shop = await openTestOrders()
    await reprice(shop, minor, currency)
    const row = await shop.store.get({ table: 'prices', partition: 'TEE-1', sort: 'IT' })
    expect(row?.value).toMatchObject({ minor: 1_500 })
    expect(await shop.bus.deadLetters()).toHaveLength(1)
  })
})

function reprice(shop: TestOrders, minor: number, currency: 'EUR' | 'GBP' = 'EUR'): Promise<void> {
  const data = { sku: 'TEE-1', productId: 'P-1', market: 'IT', price: { minor, currency } }
  return shop.hear('catalog', { type: 'PriceChanged', data })
}

import { describe, expect, it } from '@jest/globals'
import type { ShopClient } from '@stoa/app/shop-client'
import { z } from 'zod'
import { fillCart, order, submit } from '../support/buy.ts'
import { MUG } from '../support/goods.ts'
import { openVirtualShop, passTime, signedIn } from '../support/test-shop.ts'

describe('the ERP raises the price of a mug from 12.50 to 15.00', () => {
  it('in search, on the page and in the cart; an order that was placed keeps its price', async () => {
    await using open = await openVirtualShop()
    const { shop, vendors } = open
    const ada = signedIn(shop, 'ada')
    const placed = await order(ada, { sku: MUG, key: 'before' })
    const cartId = await fillCart(ada, MUG, 2)
    const before = await pricesOf(ada, cartId, placed.id)
    expect(before).toMatchObject({ search: ['12.50', '12.50'], page: '12.50', cart: '12.50', warnings: [] })

    vendors.erp.changePrice({ material: MUG, price_list: 'IT', gross: '15.00', currency: 'EUR' })
    await passTime(open, 10_000)
    const after = await pricesOf(ada, cartId, placed.id)
    expect(after).toMatchObject({
      ...{ search: ['15.00', '15.00'], page: '15.00', cart: '15.00', warnings: ['PRICE_CHANGED'] },
      order: before.order,
    })
    expect(before.order.lines).toEqual([{ unitPrice: { amount: '12.50' } }])
    const taken = vendors.payment.ledger().map(({ state, amount }) => [state, amount.value])
    const { amountMinor } = before.order.total
    expect(taken).toEqual([
      ['authorised', amountMinor],
      ['captured', amountMinor],
    ])

    // Ada filled her cart at the old price: she is asked before she pays more.
    const refused = await submit(ada, cartId, { key: 'after' })
    expect(refused).toMatchObject({ order: null, userErrors: [{ code: 'PRICE_CHANGED' }] })
    expect(await shop.bus.deadLetters()).toEqual([])
  })
})

const price = z.object({ amount: z.string() })
const shown = z.object({
  products: z.object({
    nodes: z.array(
      z.object({ priceFrom: price, variants: z.object({ nodes: z.array(z.object({ price })) }) }),
    ),
  }),
  variant: z.object({ price }),
  cart: z.object({
    lines: z.array(z.object({ unitPrice: price })),
    warnings: z.array(z.object({ code: z.string() })),
  }),
  order: z.object({
    lines: z.array(z.object({ unitPrice: price })),
    total: z.object({ amountMinor: z.coerce.number() }),
  }),
})

/** What a customer is shown, wherever prices are shown. */
async function pricesOf(client: ShopClient, cartId: string, orderId: string) {
  const { products, variant, cart, order } = await client.ask({
    document: `query Prices($sku: String!, $cartId: ID!, $orderId: ID!) {
      products(filter: { text: "mug" }) { nodes { priceFrom { amount } variants { nodes { price { amount } } } } }
      variant(sku: $sku) { price { amount } }
      cart(id: $cartId) { lines { unitPrice { amount } } warnings { code } }
      order(id: $orderId) { lines { unitPrice { amount } } total { amountMinor } }
    }`,
    variables: { sku: MUG, cartId, orderId },
    answer: shown,
  })
  return {
    search: products.nodes.flatMap(({ priceFrom, variants }) => [
      priceFrom.amount,
      variants.nodes[0]?.price.amount,
    ]),
    page: variant.price.amount,
    cart: cart.lines[0]?.unitPrice.amount,
    warnings: cart.warnings.map((warning) => warning.code),
    order,
  }
}

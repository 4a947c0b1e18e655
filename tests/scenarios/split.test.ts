import { describe, expect, it } from '@jest/globals'
import { createShopClient } from '@stoa/app/shop-client'
import { openSplitShop } from '@stoa/app/split'
import { silentLog } from '@stoa/platform/log'
import { z } from 'zod'
import { available, buy, untilFact } from '../support/buy.ts'
import { listen } from '../support/socket-client.ts'

describe('the shop as nine processes', () => {
  it('takes the same order to fulfilled', async () => {
    await using shop = await openSplitShop({
      log: silentLog,
      port: 0,
      demo: { scale: 0.1, seed: 42 },
      env: process.env,
    })
    const ada = createShopClient(shop.url, { authorization: `Bearer ${shop.ready.tokens['ada'] ?? ''}` })
    const { products } = await ada.ask({
      document:
        '{ products(first: 3) { nodes { variants(first: 3) { nodes { sku availability { availableToPromise } } } alsoBought { name } } } }',
      answer: z.object({
        products: z.object({
          nodes: z.array(
            z.object({
              variants: z.object({
                nodes: z.array(
                  z.object({ sku: z.string(), availability: z.object({ availableToPromise: z.number() }) }),
                ),
              }),
            }),
          ),
        }),
      }),
    })
    const variant = products.nodes
      .flatMap((node) => node.variants.nodes)
      .find((one) => one.availability.availableToPromise > 3)
    const sku = variant?.sku ?? ''
    const before = await available(ada, sku)
    const { order, userErrors } = await buy(ada, { sku, key: 'split-1' })
    expect(userErrors).toEqual([])
    await using watching = await listen(shop.url, {
      document: 'subscription ($id: ID!) { orderChanged(orderId: $id) { timeline { type } } }',
      variables: { id: order?.id ?? '' },
      answer: z.object({ orderChanged: z.object({ timeline: z.array(z.object({ type: z.string() })) }) }),
      params: { authorization: `Bearer ${shop.ready.tokens['ada'] ?? ''}` },
    })
    for (let told: string[] = []; !told.includes('OrderPosted'); )
      told = (await watching.next()).orderChanged.timeline.map(({ type }) => type)
    const done = await untilFact(ada, order?.id ?? '', 'OrderPosted')
    expect(done.status).toBe('FULFILLED')
    expect(await available(ada, sku)).toBe(before - 1)
    expect(shop.children.map((child) => child.role)).toEqual([
      'edge',
      'simulators',
      'catalog',
      'inventory',
      'orders',
      'customer',
      'recommendation',
      'live',
    ])
  }, 60_000)
})

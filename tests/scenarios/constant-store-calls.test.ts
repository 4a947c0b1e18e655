import { describe, expect, it } from '@jest/globals'
import { generateDemoData } from '@stoa/app/demo-data'
import { createShopClient } from '@stoa/app/shop-client'
import { z } from 'zod'
import { countingEngines } from '../support/counting-engines.ts'
import { openTestShop, settle } from '../support/test-shop.ts'

const PAGE = `query Page($first: Int!) {
  products(first: $first) {
    nodes {
      name
      variants(first: 4) { nodes { sku price { amount } availability { availableToPromise locations(first: 2) { available } } } }
      alsoBought(first: 3) { name priceFrom { amount } }
    }
  }
}`

describe('a list page over three subgraphs', () => {
  it('costs the same number of store calls for 5 products as for 50', async () => {
    const engines = countingEngines()
    await using shop = await openTestShop({ engines, data: generateDemoData({ scale: 0.2, seed: 42 }) })
    await settle(shop)
    const client = createShopClient(shop.url)
    const callsFor = async (first: number): Promise<Record<string, number>> => {
      engines.reads.clear()
      const { products } = await client.ask({
        document: PAGE,
        variables: { first },
        answer: z.object({ products: z.object({ nodes: z.array(z.object({ name: z.string() })) }) }),
      })
      expect(products.nodes).toHaveLength(first)
      return Object.fromEntries(engines.reads)
    }
    // The first page fills what stays in memory (the places); that is paid once, not per page.
    await callsFor(5)
    const small = await callsFor(5)
    const large = await callsFor(50)
    expect(large).toEqual(small)
    expect(small['inventory'] ?? 0).toBeGreaterThan(0)
    expect(Object.values(small).reduce((sum, calls) => sum + calls, 0)).toBeLessThanOrEqual(8)
  })
})

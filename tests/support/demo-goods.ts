import type { ShopClient } from '@stoa/app/shop-client'
import { z } from 'zod'

const listed = z.object({
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
})

/** SKUs of the demo data with more than five units to sell: at most one of each of its first products. */
export async function stockedSkus(client: ShopClient): Promise<readonly string[]> {
  const { products } = await client.ask({
    document:
      '{ products(first: 20) { nodes { variants(first: 5) { nodes { sku availability { availableToPromise } } } } } }',
    answer: listed,
  })
  const skus = products.nodes.flatMap(({ variants }) => {
    const stocked = variants.nodes.find(({ availability }) => availability.availableToPromise > 5)
    return stocked ? [stocked.sku] : []
  })
  if (skus.length === 0) throw new Error('Expected something in stock among the first twenty products.')
  return skus
}

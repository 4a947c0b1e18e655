import { type Random, seededRandom } from '@stoa/platform/random'
import type { ImportProduct, PastOrder } from '@stoa/recommendation/import'

/** A shop and what was bought in it, oldest first. */
export interface World {
  readonly products: readonly ImportProduct[]
  readonly orders: readonly PastOrder[]
}

/** Of the products of an order, so many are of the two categories that its customer likes. */
const TASTE = 0.6

/**
 * The same customers at the same times, but each likes two categories, and what they buy comes from those more often than not.
 * What is popular is the same for all, everywhere and within a category.
 */
export function giveTaste({ products, orders }: World): World {
  const random = seededRandom(11)
  const byDemand = products
    .map((product) => ({ product, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ product }) => product)
  const shelves = [...Map.groupBy(byDemand, ({ category }) => category).values()]
  const customers = [...new Set(orders.map(({ customerId }) => customerId))]
  const likes = new Map(customers.map((id) => [id, [drawOne(random, shelves), drawOne(random, shelves)]]))
  return {
    products,
    orders: orders.map((order) => {
      const liked = likes.get(order.customerId) ?? []
      const picks = Array.from({ length: 1 + drawBelow(random, 4) }, () =>
        drawPopular(random, random.next() < TASTE ? (drawOne(random, liked) ?? byDemand) : byDemand),
      )
      return { ...order, productIds: [...new Set(picks.flatMap((pick) => pick?.productId ?? []))] }
    }),
  }
}

function drawBelow(random: Random, count: number): number {
  return Math.floor(random.next() * count)
}

function drawOne<T>(random: Random, from: readonly T[]): T | undefined {
  return from[drawBelow(random, from.length)]
}

/** Zipf's law, as in the demo shop. */
function drawPopular<T>(random: Random, from: readonly T[]): T | undefined {
  const place = Math.floor(from.length ** random.next() - 1 + random.next() * 0.5)
  return from[Math.min(from.length - 1, place)]
}

/** As much of `@stoa/app/demo-data` as is used here; the benchmarks do not depend on the app. */
interface DemoModule {
  generateDemoData(options: { readonly scale: number; readonly seed: number }): {
    readonly products: readonly {
      readonly productId: string
      readonly category: string
      readonly variants: readonly { readonly sku: string }[]
    }[]
    readonly orders: readonly {
      readonly facts: readonly {
        readonly at: number
        readonly event: { readonly type: string; readonly data: object }
      }[]
    }[]
  }
}

export async function loadDemo(scale: number): Promise<World> {
  const { generateDemoData }: DemoModule = await import(import.meta.resolve('@stoa/app/demo-data'))
  const { products, orders } = generateDemoData({ scale, seed: 42 })
  return {
    products: products.map(({ productId, category, variants }) => ({
      ...{ productId, category, skus: variants.map(({ sku }) => sku) },
    })),
    orders: orders
      .flatMap(({ facts: [first] }) => (first ? [toOrder(first)] : []))
      .sort((a, b) => a.at - b.at),
  }
}

function toOrder({
  at,
  event,
}: {
  readonly at: number
  readonly event: { readonly data: object }
}): PastOrder {
  // The first fact of an order is OrderCreated.
  const data = event.data as {
    readonly orderId: string
    readonly customerId?: string
    readonly lines: readonly { readonly productId: string }[]
  }
  const { orderId, customerId, lines } = data
  return {
    orderId,
    at,
    productIds: lines.map(({ productId }) => productId),
    ...(customerId && { customerId }),
  }
}

import type { EventStore } from '@stoa/platform/event-store'
import { type ProductTaste, ranked, type Weighted } from './domain/taste.ts'
import type { AffinityGraph, Neighbour } from './ports.ts'
import { type Counted, countBatch, inBatches } from './store/count-orders.ts'
import { customerKey, loadTastes, toCustomerTaste } from './store/taste-rows.ts'

/**
 * The graph in memory, over rows in the store: read here, written there first, loaded from there when it opens. For
 * one process; several that share a store would not hear of each other's orders before they open again.
 */
export async function openMemoryAffinityGraph(store: EventStore): Promise<AffinityGraph> {
  const tastes = new Map(await loadTastes(store))
  let ranking: readonly Weighted[] | undefined
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: what is in memory must not fall behind the rows because two writes overtook each other. */
  function inTurn(run: () => Promise<Counted>): Promise<Counted> {
    const next = last.then(run)
    last = next.catch(() => {})
    return next
  }

  return {
    async record(purchases) {
      let fresh = 0
      for (const batch of inBatches(purchases)) {
        const counted = await inTurn(async () => {
          const result = await countBatch(store, batch)
          for (const [productId, taste] of result.products) tastes.set(productId, taste)
          return result
        })
        fresh += counted.orders
        ranking = undefined
      }
      return fresh
    },
    neighbours: async (productIds, first) =>
      productIds.map((id) => toNeighbours(tastes.get(id)?.together ?? [], first)),
    async popular(first) {
      ranking ??= rankByPopularity(tastes)
      return toNeighbours(ranking, first)
    },
    async boughtBy(customerId) {
      const row = await store.get(customerKey(customerId))
      return toCustomerTaste(row).map(([productId]) => productId)
    },
    [Symbol.asyncDispose]: async () => void (await last),
  }
}

function rankByPopularity(tastes: ReadonlyMap<string, ProductTaste>): readonly Weighted[] {
  return ranked([...tastes].map(([productId, { bought }]): Weighted => [productId, bought]))
}

function toNeighbours(weights: readonly Weighted[], first: number): readonly Neighbour[] {
  return weights.slice(0, first).map(([productId, weight]) => ({ productId, weight }))
}

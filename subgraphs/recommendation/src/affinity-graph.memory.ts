import type { EventStore } from '@stoa/platform/event-store'
import { sharingNeighbours, withoutItself } from './domain/similar.ts'
import { MAX_POPULAR, type ProductTaste, ranked, type Weighted } from './domain/taste.ts'
import type { AffinityGraph, Neighbour } from './ports.ts'
import { loadAssortment, writeAssortment } from './store/assortment-rows.ts'
import { type Counted, countBatch, inBatches } from './store/count-orders.ts'
import { rememberView } from './store/remember-view.ts'
import { customerKey, loadTastes, toCustomerTaste, viewsKey } from './store/taste-rows.ts'

/**
 * The graph in memory, over rows in the store: read here, written there first, loaded from there when it opens. For
 * one process; several that share a store would not hear of each other's orders before they open again.
 */
export async function openMemoryAffinityGraph(store: EventStore): Promise<AffinityGraph> {
  const tastes = new Map(await loadTastes(store))
  const categories = new Map<string, string>()
  for (const { productId, category } of (await loadAssortment(store)).values()) {
    if (category !== undefined) categories.set(productId, category)
  }
  const rankings = new Map<string | undefined, readonly Weighted[]>()
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: what is in memory must not fall behind the rows because two writes overtook each other. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const next = last.then(run)
    last = next.catch(() => {})
    return next
  }

  async function count(batch: Parameters<typeof countBatch>[1]): Promise<Counted> {
    const result = await countBatch(store, batch)
    for (const [productId, taste] of result.products) tastes.set(productId, taste)
    rankings.clear()
    return result
  }

  function ranking(category: string | undefined): readonly Weighted[] {
    const known = rankings.get(category)
    if (known) return known
    const made = rankByPopularity(tastes, (id) => category === undefined || categories.get(id) === category)
    // Somebody else's invention of a category must not fill the memory.
    if (made.length > 0) rankings.set(category, made)
    return made
  }

  function similarTo(productId: string, first: number): readonly string[] {
    const category = categories.get(productId)
    if (category === undefined) return []
    const around = {
      together: (id: string): readonly Weighted[] => tastes.get(id)?.together ?? [],
      category: (id: string) => categories.get(id),
    }
    const candidates = [...sharingNeighbours(around, productId), ...ranking(category)]
    return withoutItself(
      productId,
      candidates.map(([id]) => id),
      first,
    )
  }

  return {
    async record(purchases) {
      let fresh = 0
      for (const batch of inBatches(purchases)) fresh += (await inTurn(() => count(batch))).orders
      return fresh
    },
    async recordView(view) {
      if (!tastes.has(view.productId) && !categories.has(view.productId)) return false
      await inTurn(() => rememberView(store, view))
      return true
    },
    describe: (products) =>
      inTurn(async () => {
        await writeAssortment(store, products)
        for (const { productId, category } of products) categories.set(productId, category)
        rankings.clear()
      }),
    neighbours: async (productIds, first) =>
      productIds.map((id) => toNeighbours(tastes.get(id)?.together ?? [], first)),
    similar: async (productIds, first) => productIds.map((id) => similarTo(id, first)),
    popular: async (first, category) => toNeighbours(ranking(category), Math.min(first, MAX_POPULAR)),
    categoriesOf: async (productIds) => productIds.map((id) => categories.get(id)),
    boughtBy: async (customerId) => idsOf(toCustomerTaste(await store.get(customerKey(customerId)))),
    viewedBy: async (customerId) => idsOf(toCustomerTaste(await store.get(viewsKey(customerId)))),
    [Symbol.asyncDispose]: async () => void (await last),
  }
}

function rankByPopularity(
  tastes: ReadonlyMap<string, ProductTaste>,
  isWanted: (productId: string) => boolean,
): readonly Weighted[] {
  const wanted = [...tastes].filter(([productId]) => isWanted(productId))
  return ranked(wanted.map(([productId, { bought }]): Weighted => [productId, bought]))
}

function toNeighbours(weights: readonly Weighted[], first: number): readonly Neighbour[] {
  return weights.slice(0, first).map(([productId, weight]) => ({ productId, weight }))
}

function idsOf(weights: readonly Weighted[]): readonly string[] {
  return weights.map(([productId]) => productId)
}

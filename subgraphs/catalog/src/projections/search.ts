import type { EventBus } from '@stoa/platform/event-bus'
import type { EventStore } from '@stoa/platform/event-store'
import type { ProductSearch } from '../search/product-search.ts'
import { searchDocument } from '../search/search-document.ts'
import { loadCategories } from '../store/category-rows.ts'
import { loadAllProducts, loadProducts } from '../store/product-rows.ts'

export interface SearchProjectionParts {
  readonly store: EventStore
  readonly bus: EventBus
  readonly search: ProductSearch
}

/**
 * Builds the index from the rows, then keeps it up to date by facts. A fact only says which product to look at:
 * its row is the truth, so facts told twice or late do no harm.
 */
export async function runSearchProjection(parts: SearchProjectionParts): Promise<AsyncDisposable> {
  const { store, bus, search } = parts
  const built = Promise.withResolvers<void>()
  // Listening first and holding what comes until the index stands: nothing is missed between the two.
  const subscription = await bus.subscribe({
    name: 'catalog.search',
    pattern: { 'detail-type': ['PriceChanged', 'ProductChanged'], source: ['catalog'] },
    imported: true,
    handle: async (event) => {
      await built.promise
      await refresh(parts, String(event.data['productId']))
    },
  })
  try {
    const [products, categories] = await Promise.all([loadAllProducts(store), loadCategories(store)])
    await search.rebuild(products.map((product) => searchDocument(product, categories)))
    return subscription
  } catch (reason) {
    await subscription[Symbol.asyncDispose]()
    throw reason
  } finally {
    built.resolve()
  }
}

async function refresh({ store, search }: SearchProjectionParts, productId: string): Promise<void> {
  const [[stored], categories] = await Promise.all([loadProducts(store, [productId]), loadCategories(store)])
  if (stored) await search.put(searchDocument(stored.product, categories))
}

import type { TableStore } from '@stoa/platform/table-store'
import DataLoader from 'dataloader'
import type { CategoryTree } from './domain/category-tree.ts'
import type { Variant } from './domain/product.ts'
import { loadCategories } from './store/category-rows.ts'
import { findProductIds, loadProducts, type ProductAlias, type StoredProduct } from './store/product-rows.ts'

/** A variant with the product it belongs to. */
export interface StoredVariant {
  readonly stored: StoredProduct
  readonly variant: Variant
}

/** One request's reads: whatever is asked for in one tick becomes one call, and nothing is read twice. */
export interface CatalogLoaders {
  readonly products: DataLoader<string, StoredProduct | undefined>
  readonly variant: (sku: string) => Promise<StoredVariant | undefined>
  readonly productByHandle: (handle: string) => Promise<StoredProduct | undefined>
  readonly categories: () => Promise<CategoryTree>
}

export function createLoaders(store: TableStore): CatalogLoaders {
  const products = new DataLoader((ids: readonly string[]) => loadProducts(store, ids))
  const productIds = new DataLoader<ProductAlias, string | undefined, string>(
    (aliases) => findProductIds(store, aliases),
    { cacheKeyFn: ({ by, value }) => `${by}/${value}` },
  )
  let categories: Promise<CategoryTree> | undefined

  async function productByAlias(alias: ProductAlias): Promise<StoredProduct | undefined> {
    const productId = await productIds.load(alias)
    return productId === undefined ? undefined : await products.load(productId)
  }

  return {
    products,
    async variant(sku) {
      const stored = await productByAlias({ by: 'sku', value: sku })
      const variant = stored?.product.variants.find((candidate) => candidate.sku === sku)
      return stored && variant && { stored, variant }
    },
    productByHandle: (handle) => productByAlias({ by: 'handle', value: handle }),
    categories() {
      categories ??= loadCategories(store)
      return categories
    },
  }
}

import { Fault } from '@stoa/platform/fault'
import { keyOf } from '@stoa/platform/id'
import type { Category } from './domain/product.ts'
import type { CatalogLoaders, StoredVariant } from './loaders.ts'
import type { StoredProduct } from './store/product-rows.ts'

/** The keys a product goes by; exactly one is given. */
export interface ProductKeys {
  readonly id?: string | null
  readonly productId?: string | null
  readonly handle?: string | null
}

/** By whichever key was given; BAD_REQUEST for none or several. */
export async function findProduct(
  loaders: CatalogLoaders,
  keys: ProductKeys,
): Promise<StoredProduct | undefined> {
  const { id, productId, handle } = keys
  const given = [id, productId, handle].filter((key) => key !== null && key !== undefined)
  if (given.length !== 1)
    throw new Fault('BAD_REQUEST', `Expected exactly one of id, productId and handle, got ${given.length}.`)
  if (handle) return await loaders.productByHandle(handle)
  return await loaders.products.load(productId ?? readId('Product', id))
}

export async function referencedVariant(
  loaders: CatalogLoaders,
  keys: { readonly id?: string; readonly sku?: string },
): Promise<StoredVariant | undefined> {
  return await loaders.variant(keys.sku ?? readId('ProductVariant', keys.id))
}

export async function referencedCategory(
  loaders: CatalogLoaders,
  keys: { readonly id?: string; readonly handle?: string },
): Promise<Category | undefined> {
  const categories = await loaders.categories()
  const category = categories.byHandle.get(keys.handle ?? readId('Category', keys.id))
  // A copy: the federation library writes the type's name into what a reference resolves to, and rows are frozen.
  return category && { ...category }
}

function readId(type: string, id: string | null | undefined): string {
  const key = keyOf('catalog', type, id ?? '')
  if (key.ok) return key.value
  throw new Fault('BAD_REQUEST', key.error.message)
}

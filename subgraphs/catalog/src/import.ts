import { commitAll, refuseImport } from '@stoa/platform/bulk-import'
import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { markets } from '@stoa/platform/market'
import type { CatalogImport, ImportCategory, ImportPrice, ImportProduct } from './assortment.ts'
import type { Category, Product } from './domain/product.ts'
import { checkImport } from './import-check.ts'
import { categoryRow } from './store/category-rows.ts'
import { newProductRows, productKey } from './store/product-rows.ts'

export type { CatalogImport } from './assortment.ts'

export interface Imported {
  readonly products: number
  readonly variants: number
  /** Products that were there before, left as they are. */
  readonly skipped: number
}

/**
 * Writes an assortment as rows, up to 100 in a transaction, a product never torn apart. Tells no facts: whoever
 * keeps prices of their own imports them too, and the index is built from the rows when the subgraph opens, so
 * import before opening it. Running it again takes in what is missing. Refuses everything when anything is wrong.
 */
export async function importCatalog(store: EventStore, data: CatalogImport): Promise<Imported> {
  refuseImport('The catalogue', checkImport(data, markets))
  const known = await store.getMany(data.products.map(({ productId }) => productKey(productId)))
  const fresh = data.products.filter((_, index) => known[index] === undefined)
  const categories = data.categories.map((category, position) => ({
    rows: [categoryRow(toCategory(category, position))],
  }))
  const products = fresh.map((product) => ({ rows: newProductRows(toProduct(product)) }))
  await commitAll(store, [...categories, ...products], taken)
  const variants = fresh.reduce((sum, product) => sum + product.variants.length, 0)
  return { products: fresh.length, variants, skipped: data.products.length - fresh.length }
}

function toCategory({ handle, name, description, parent }: ImportCategory, position: number): Category {
  return { handle, name, position, ...(description && { description }), ...(parent && { parent }) }
}

/** A product as it is kept; its prices were checked before. */
export function toProduct(from: ImportProduct): Product {
  const { productId, handle, name, brand, category, createdAt, attributes, description } = from
  const images = from.images ?? (from.image === undefined ? [] : [{ url: from.image, alt: name }])
  const variants = from.variants.map(({ prices, ...variant }) => ({ ...variant, prices: toPrices(prices) }))
  return {
    ...{ productId, handle, name, brand, category, createdAt, images, attributes, variants, facts: 0 },
    ...(description && { description }),
  }
}

function toPrices(prices: readonly ImportPrice[]): Product['variants'][number]['prices'] {
  return Object.fromEntries(
    prices.flatMap(({ market, minor }) => {
      const currency = markets.find((candidate) => candidate.code === market)?.currency
      return currency === undefined ? [] : [[market, { minor, currency }]]
    }),
  )
}

function taken(names: readonly string[]): Fault {
  const message = `Handles or SKUs belong to another product already: ${names.join(', ')}.`
  return new Fault('CONFLICT', message, { retryable: false })
}

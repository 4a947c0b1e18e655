import { type EventStore, MAX_TRANSACTION_ITEMS } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { markets } from '@stoa/platform/market'
import type { RowWrite } from '@stoa/platform/table-store'
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
  const problems = checkImport(data, markets)
  if (problems.length > 0) throw badImport(problems)
  const known = await store.getMany(data.products.map(({ productId }) => productKey(productId)))
  const fresh = data.products.filter((_, index) => known[index] === undefined)
  const categories = data.categories.map((category, position) => [
    categoryRow(toCategory(category, position)),
  ])
  const products = fresh.map((product) => newProductRows(toProduct(product)))
  await commitAll(store, pack([...categories, ...products]))
  const variants = fresh.reduce((sum, product) => sum + product.variants.length, 0)
  return { products: fresh.length, variants, skipped: data.products.length - fresh.length }
}

/** Fills transactions with groups of rows that must be written together. */
function pack(groups: readonly (readonly RowWrite[])[]): readonly (readonly RowWrite[])[] {
  const transactions: RowWrite[][] = []
  let current: RowWrite[] = []
  for (const group of groups) {
    if (current.length + group.length > MAX_TRANSACTION_ITEMS) current = []
    if (current.length === 0) transactions.push(current)
    current.push(...group)
  }
  return transactions
}

/** Enough at once to fill a network or a group commit, few enough not to flood it. */
const AT_ONCE = 8

async function commitAll(store: EventStore, transactions: readonly (readonly RowWrite[])[]): Promise<void> {
  for (let i = 0; i < transactions.length; i += AT_ONCE) {
    const wave = transactions.slice(i, i + AT_ONCE)
    const committed = await Promise.all(wave.map((rows) => store.commit({ rows })))
    for (const one of committed) if (!one.ok) throw taken(one.error.on)
  }
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

function badImport(problems: readonly string[]): Fault {
  const shown = problems.slice(0, 10).join(' ')
  return new Fault('BAD_REQUEST', `The catalogue cannot be imported, ${problems.length} problems: ${shown}`)
}

function taken(names: readonly string[]): Fault {
  const message = `Handles or SKUs belong to another product already: ${names.slice(0, 10).join(', ')}.`
  return new Fault('CONFLICT', message, { retryable: false })
}

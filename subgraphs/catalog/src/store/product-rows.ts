import type { JsonObject } from '@stoa/platform/json'
import { shardOf, shardsOf } from '@stoa/platform/shard'
import type { Row, RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Product } from '../domain/product.ts'

/** A product as its row holds it. */
export interface StoredProduct {
  readonly product: Product
  /** Of the row: goes up with each change. */
  readonly version: number
}

/** Where a product's row is. */
export function productKey(productId: string): RowKey {
  return { table: 'product', partition: shardOf('products', productId), sort: productId }
}

/** A second way to find a product: by the SKU of a variant, or by its handle. */
export function aliasKey(alias: ProductAlias): RowKey {
  return { table: 'product-alias', partition: `${alias.by}/${alias.value}`, sort: 'product' }
}

export interface ProductAlias {
  readonly by: 'sku' | 'handle'
  readonly value: string
}

/** The product's row after a change. */
export function productRow(product: Product, expect: NonNullable<RowWrite['expect']>): RowWrite {
  // A product is plain data: interfaces lack the index signature that says so.
  return { ...productKey(product.productId), value: product as unknown as JsonObject, expect }
}

/** All rows of a new product: one row, and one for each way to find it. */
export function newProductRows(product: Product): readonly RowWrite[] {
  const value = { productId: product.productId }
  const aliases = aliasesOf(product).map(
    (alias): RowWrite => ({ ...aliasKey(alias), value, expect: 'absent' }),
  )
  return [productRow(product, 'absent'), ...aliases]
}

export function toStoredProduct(row: Row): StoredProduct {
  // Written by productRow, from a Product.
  return { product: row.value as unknown as Product, version: row.version }
}

/** Same order as the ids. */
export async function loadProducts(
  store: TableStore,
  productIds: readonly string[],
): Promise<readonly (StoredProduct | undefined)[]> {
  const rows = await store.getMany(productIds.map(productKey))
  return rows.map((row) => row && toStoredProduct(row))
}

/** The ids of the products that go by these names, in the same order. */
export async function findProductIds(
  store: TableStore,
  aliases: readonly ProductAlias[],
): Promise<readonly (string | undefined)[]> {
  const rows = await store.getMany(aliases.map(aliasKey))
  return rows.map((row) => row && String(row.value['productId']))
}

/** Every product there is, for building an index. */
export async function loadAllProducts(store: TableStore): Promise<readonly Product[]> {
  const shards = await Promise.all(shardsOf('products').map((partition) => loadShard(store, partition)))
  return shards.flat()
}

function aliasesOf(product: Product): readonly ProductAlias[] {
  const skus = product.variants.map(({ sku }): ProductAlias => ({ by: 'sku', value: sku }))
  return [{ by: 'handle', value: product.handle }, ...skus]
}

async function loadShard(store: TableStore, partition: string): Promise<readonly Product[]> {
  const products: Product[] = []
  let after: string | undefined
  do {
    const page = await store.query({ table: 'product', partition, limit: 1000, ...(after && { after }) })
    products.push(...page.rows.map((row) => toStoredProduct(row).product))
    after = page.next
  } while (after !== undefined)
  return products
}

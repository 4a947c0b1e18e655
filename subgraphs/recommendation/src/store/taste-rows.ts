import type { JsonObject } from '@stoa/platform/json'
import { shardOf, shardsOf } from '@stoa/platform/shard'
import type { Row, RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import { type CustomerTaste, noTaste, type ProductTaste } from '../domain/taste.ts'
import { readAllRows } from './read-all-rows.ts'

/** Where a product's taste is. */
export function productKey(productId: string): RowKey {
  return { table: 'taste', partition: shardOf('products', productId), sort: productId }
}

/** Where a customer's purchases are. */
export function customerKey(customerId: string): RowKey {
  return { table: 'purchases', partition: customerId, sort: 'products' }
}

/** There when an order was counted. */
export function countedKey(orderId: string): RowKey {
  return { table: 'counted', partition: orderId, sort: 'order' }
}

/** A row's new value, if nobody wrote it since it was read. */
export function rowAfter(key: RowKey, before: Row | undefined, value: object): RowWrite {
  const expect = before ? { version: before.version } : ('absent' as const)
  // Tastes are plain data: interfaces lack the index signature that says so.
  return { ...key, value: value as JsonObject, expect }
}

export function toProductTaste(row: Row | undefined): ProductTaste {
  // Written by rowAfter, from a ProductTaste.
  return row ? (row.value as unknown as ProductTaste) : noTaste
}

export function toCustomerTaste(row: Row | undefined): CustomerTaste {
  // Written by rowAfter, from { products: CustomerTaste }.
  return row ? (row.value as unknown as { readonly products: CustomerTaste }).products : []
}

/** Where a customer's views are. */
export function viewsKey(customerId: string): RowKey {
  return { table: 'views', partition: customerId, sort: 'products' }
}

/** The taste of every product. */
export async function loadTastes(store: TableStore): Promise<ReadonlyMap<string, ProductTaste>> {
  const rows = await readAllRows(store, 'taste', shardsOf('products'))
  return new Map(rows.map((row) => [row.sort, toProductTaste(row)]))
}

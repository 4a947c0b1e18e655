import { type EventStore, MAX_TRANSACTION_ITEMS } from '@stoa/platform/event-store'
import { shardOf, shardsOf } from '@stoa/platform/shard'
import type { Row, RowKey, TableStore } from '@stoa/platform/table-store'
import { readAllRows } from './read-all-rows.ts'

/** What is known of a product besides who buys it. */
export interface AssortedProduct {
  readonly productId: string
  /** The handle of its category; absent while unknown. */
  readonly category?: string
  /** Its variants, as far as they were told. */
  readonly skus: readonly string[]
}

/** What was told of a product; what is absent stays as it is, SKUs are added. */
export type ToldProduct = Pick<AssortedProduct, 'productId' | 'category'> & {
  readonly skus?: readonly string[]
}

/** All products. */
export async function loadAssortment(store: TableStore): Promise<ReadonlyMap<string, AssortedProduct>> {
  const rows = await readAllRows(store, 'assortment', shardsOf('assortment'))
  return new Map(rows.map((row) => [row.sort, toProduct(row.sort, row)]))
}

/** Adds what was told to what is known, in as few transactions as it fits in. Answers the products as they are then. */
export async function writeAssortment(
  store: EventStore,
  told: readonly ToldProduct[],
): Promise<readonly AssortedProduct[]> {
  const products: AssortedProduct[] = []
  for (let from = 0; from < told.length; from += MAX_TRANSACTION_ITEMS) {
    products.push(...(await writeSome(store, merged(told.slice(from, from + MAX_TRANSACTION_ITEMS)))))
  }
  return products
}

async function writeSome(
  store: EventStore,
  told: readonly ToldProduct[],
): Promise<readonly AssortedProduct[]> {
  const rows = await store.getMany(told.map(({ productId }) => keyOf(productId)))
  const before = told.map(({ productId }, index) => toProduct(productId, rows[index]))
  const after = told.map((product, index) => add(before[index], product))
  const changed = after.filter((product, index) => JSON.stringify(product) !== JSON.stringify(before[index]))
  if (changed.length > 0) {
    await store.commit({
      rows: changed.map(({ productId, category, skus }) => ({
        ...keyOf(productId),
        value: { skus: [...skus], ...(category !== undefined && { category }) },
      })),
    })
  }
  return after
}

function add(before: AssortedProduct | undefined, told: ToldProduct): AssortedProduct {
  const category = told.category ?? before?.category
  const skus = [...new Set([...(before?.skus ?? []), ...(told.skus ?? [])])].sort()
  return { productId: told.productId, ...(category !== undefined && { category }), skus }
}

/** A product that was told twice, once. */
function merged(told: readonly ToldProduct[]): readonly ToldProduct[] {
  const byId = new Map<string, ToldProduct>()
  for (const product of told) byId.set(product.productId, add(readTold(byId.get(product.productId)), product))
  return [...byId.values()]
}

function readTold(told: ToldProduct | undefined): AssortedProduct | undefined {
  return told && { ...told, skus: told.skus ?? [] }
}

function keyOf(productId: string): RowKey {
  return { table: 'assortment', partition: shardOf('assortment', productId), sort: productId }
}

function toProduct(productId: string, row: Row | undefined): AssortedProduct {
  // Written by writeSome.
  const { category, skus = [] } = (row?.value ?? {}) as Partial<AssortedProduct>
  return { productId, ...(category !== undefined && { category }), skus }
}

import { importCatalog } from '@stoa/catalog/import'
import { importCustomers } from '@stoa/customer/import'
import { importLocations, importStock } from '@stoa/inventory/import'
import { importOrders, importPickupLocations, importPrices } from '@stoa/orders/import'
import type { RowKey } from '@stoa/platform/table-store'
import { importAffinity, importAssortment } from '@stoa/recommendation/import'
import type { DemoData } from './demo-data/generate.ts'
import type { DemoOrder } from './demo-data/orders.ts'
import type { DemoProduct } from './demo-data/products.ts'
import type { Stores } from './subgraphs.ts'

export interface Seeded {
  readonly variants: number
  readonly locations: number
  readonly customers: number
  readonly orders: number
  readonly ms: number
  /** Whether it was there before; nothing was taken in then. */
  readonly kept: boolean
}

/** Says that a kept shop has its first data; what happened to it since is its own. */
const MARK: RowKey = { table: 'shop', partition: 'seed', sort: 'done' }

/** Gives each subgraph its first data through its own import, before it opens. A shop that has data is left as it is. */
export async function seedShop(stores: Stores, data: DemoData): Promise<Seeded> {
  const started = performance.now()
  const kept = (await stores.catalog.get(MARK)) !== undefined
  if (!kept) {
    await Promise.all([
      importCatalog(stores.catalog, data),
      importInventory(stores, data),
      importOrderBook(stores, data),
      importCustomers(stores.customer, data.customers),
      importTastes(stores.recommendation, data),
    ])
    await stores.catalog.commit({ rows: [{ ...MARK, value: { done: true } }] })
  }
  return {
    variants: data.products.reduce((sum, product) => sum + product.variants.length, 0),
    locations: data.locations.length,
    customers: data.customers.length,
    orders: data.orders.length,
    ms: performance.now() - started,
    kept,
  }
}

async function importInventory(stores: Stores, data: DemoData): Promise<void> {
  await importLocations(stores.inventory, data.locations)
  await importStock(stores.inventory, data.stock)
}

async function importOrderBook(stores: Stores, data: DemoData): Promise<void> {
  await importPrices(stores.orders, data.products.flatMap(pricesOf))
  await importPickupLocations(stores.orders, data.locations)
  await importOrders(stores.orders, data.orders)
}

type PriceImport = Parameters<typeof importPrices>[1][number]

function pricesOf(product: DemoProduct): readonly PriceImport[] {
  const { productId } = product
  return product.variants.flatMap(({ sku, name, prices }) =>
    prices.map(({ market, minor, currency }) => ({ sku, market, minor, currency, productId, name })),
  )
}

async function importTastes(store: Stores['recommendation'], data: DemoData): Promise<void> {
  const products = data.products.map(({ productId, category, variants }) => ({
    ...{ productId, category, skus: variants.map(({ sku }) => sku) },
  }))
  await importAssortment(store, products)
  await importAffinity(store, data.orders.flatMap(purchase))
}

type PastOrder = Parameters<typeof importAffinity>[1][number]

function purchase(order: DemoOrder): readonly PastOrder[] {
  const first = order.facts[0]
  if (first?.event.type !== 'OrderCreated') return []
  const { orderId, customerId, lines } = first.event.data
  const productIds = lines.map((line) => line.productId)
  return [{ orderId, productIds, at: first.at, ...(customerId ? { customerId } : {}) }]
}

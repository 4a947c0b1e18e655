import { type EventStore, MAX_TRANSACTION_ITEMS } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import type { Row, RowKey, RowWrite } from '@stoa/platform/table-store'
import {
  addOrder,
  addPurchase,
  basketOf,
  type CustomerTaste,
  type ProductTaste,
  type Purchase,
} from '../domain/taste.ts'
import {
  countedKey,
  customerKey,
  productKey,
  rowAfter,
  toCustomerTaste,
  toProductTaste,
} from './taste-rows.ts'

/** What became of some orders. */
export interface Counted {
  /** Orders that were not counted before. */
  readonly orders: number
  /** The products they changed, as they are now. */
  readonly products: ReadonlyMap<string, ProductTaste>
}

/** Orders that touch few enough rows to be counted in one transaction. */
export interface Batch {
  readonly purchases: readonly Purchase[]
  readonly productIds: readonly string[]
  readonly customerIds: readonly string[]
}

/** Tries to win a race this often before saying CONFLICT. */
const MAX_TRIES = 12

/** Splits orders, in their order, into as few transactions as they fit in. */
export function inBatches(purchases: readonly Purchase[]): readonly Batch[] {
  const batches: Batch[] = []
  let current = batchOf([])
  for (const purchase of uniqueOrders(purchases)) {
    const next = batchOf([...current.purchases, purchase])
    const rows = next.purchases.length + next.productIds.length + next.customerIds.length
    if (rows > MAX_TRANSACTION_ITEMS) batches.push(current)
    current = rows > MAX_TRANSACTION_ITEMS ? batchOf([purchase]) : next
  }
  return current.purchases.length > 0 ? [...batches, current] : batches
}

/** Counts a batch in one transaction with the marks that keep its orders from being counted again. */
export async function countBatch(store: EventStore, batch: Batch): Promise<Counted> {
  const keys = [
    ...batch.purchases.map(({ orderId }) => countedKey(orderId)),
    ...batch.productIds.map(productKey),
    ...batch.customerIds.map(customerKey),
  ]
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const rows = await store.getMany(keys)
    const fresh = batch.purchases.filter((_, index) => rows[index] === undefined)
    if (fresh.length === 0) return { orders: 0, products: new Map() }
    const before = new Map(keys.map((key, index) => [nameOf(key), rows[index]]))
    const after = addAll(fresh, before)
    const committed = await store.commit({ rows: [...marks(fresh), ...changes(after, before)] })
    if (committed.ok) return { orders: fresh.length, products: after.products }
  }
  throw new Fault('CONFLICT', `Tastes changed ${MAX_TRIES} times while orders were counted. Try again.`)
}

type Before = ReadonlyMap<string, Row | undefined>

interface After {
  readonly products: Map<string, ProductTaste>
  readonly customers: Map<string, CustomerTaste>
}

function addAll(purchases: readonly Purchase[], before: Before): After {
  const after: After = { products: new Map(), customers: new Map() }
  for (const purchase of purchases) {
    for (const id of basketOf(purchase)) {
      const taste = after.products.get(id) ?? toProductTaste(before.get(nameOf(productKey(id))))
      after.products.set(id, addOrder(taste, id, purchase))
    }
    const { customerId } = purchase
    if (customerId === undefined) continue
    const taste =
      after.customers.get(customerId) ?? toCustomerTaste(before.get(nameOf(customerKey(customerId))))
    after.customers.set(customerId, addPurchase(taste, purchase))
  }
  return after
}

function marks(purchases: readonly Purchase[]): readonly RowWrite[] {
  return purchases.map(({ orderId, at }) => ({ ...countedKey(orderId), value: { at }, expect: 'absent' }))
}

function changes({ products, customers }: After, before: Before): readonly RowWrite[] {
  const write = (key: RowKey, value: object): RowWrite => rowAfter(key, before.get(nameOf(key)), value)
  return [
    ...[...products].map(([id, taste]) => write(productKey(id), taste)),
    ...[...customers].map(([id, taste]) => write(customerKey(id), { products: taste })),
  ]
}

function nameOf({ table, sort, partition }: RowKey): string {
  return table === 'taste' ? `${table}/${sort}` : `${table}/${partition}`
}

function batchOf(purchases: readonly Purchase[]): Batch {
  return {
    purchases,
    productIds: [...new Set(purchases.flatMap(basketOf))],
    customerIds: [...new Set(purchases.flatMap(({ customerId }) => customerId ?? []))],
  }
}

function uniqueOrders(purchases: readonly Purchase[]): Iterable<Purchase> {
  return new Map(purchases.toReversed().map((purchase) => [purchase.orderId, purchase]))
    .values()
    .toArray()
    .reverse()
}

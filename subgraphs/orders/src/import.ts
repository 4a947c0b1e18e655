import { type EventStore, MAX_TRANSACTION_ITEMS, type Transaction } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { findMarket } from '@stoa/platform/market'
import type { RowWrite } from '@stoa/platform/table-store'
import { MAX_UNIT_PRICE } from './domain/cart/limits.ts'
import { type ImportedOrder, type OrderImport, readPastOrder } from './import-order.ts'
import { loadOrders } from './store/order-rows.ts'
import { priceRow } from './store/price-rows.ts'

/** What a variant costs in one market; gross, in minor units of the market's currency. */
export interface PriceImport {
  readonly sku: string
  readonly market: string
  readonly minor: number
  readonly currency: string
  readonly productId: string
  /** What a receipt calls it. */
  readonly name: string
}

/**
 * Takes in past orders: their facts as history nobody reacts to (`meta.imported`), and the rows beside them.
 * Orders that are there already are left as they are. Throws BAD_REQUEST, before anything is written, when a
 * fact cannot follow from those before it. Answers how many were new.
 */
export async function importOrders(store: EventStore, orders: readonly OrderImport[]): Promise<number> {
  const known = await loadOrders(
    store,
    orders.map((order) => order.orderId),
  )
  const fresh = orders.filter((_, i) => known[i] === undefined).map(readPastOrder)
  await commitAll(store, packOrders(fresh))
  return fresh.length
}

/** Takes in what may be charged. Throws BAD_REQUEST, before anything is written, for a price that is none. */
export async function importPrices(store: EventStore, prices: readonly PriceImport[]): Promise<void> {
  const rows = prices.map(toRow)
  const transactions: Transaction[] = []
  for (let i = 0; i < rows.length; i += MAX_TRANSACTION_ITEMS) {
    transactions.push({ rows: rows.slice(i, i + MAX_TRANSACTION_ITEMS) })
  }
  await commitAll(store, transactions)
}

function toRow({ sku, market, minor, currency, productId, name }: PriceImport): RowWrite {
  const isPrice = Number.isInteger(minor) && minor >= 0 && minor <= MAX_UNIT_PRICE
  if (isPrice && findMarket(market)?.currency === currency)
    return priceRow({ sku, market }, { minor, productId, name })
  const message = `The price of ${sku} cannot be imported: expected minor units of the currency of a market, got ${minor} ${currency} in ${market}.`
  throw new Fault('BAD_REQUEST', message)
}

/** Fills transactions with orders, an order never torn apart. */
function packOrders(orders: readonly ImportedOrder[]): readonly Transaction[] {
  const packs: ImportedOrder[][] = []
  let size = MAX_TRANSACTION_ITEMS
  for (const order of orders) {
    const items = order.append.events.length + order.rows.length
    size += items
    if (size > MAX_TRANSACTION_ITEMS) {
      packs.push([])
      size = items
    }
    packs.at(-1)?.push(order)
  }
  return packs.map((pack) => ({
    appends: pack.map((order) => order.append),
    rows: pack.flatMap((order) => order.rows),
  }))
}

/** Enough at once to fill a network or a group commit, few enough not to flood it. */
const AT_ONCE = 8

async function commitAll(store: EventStore, transactions: readonly Transaction[]): Promise<void> {
  for (let i = 0; i < transactions.length; i += AT_ONCE) {
    const wave = transactions.slice(i, i + AT_ONCE)
    const committed = await Promise.all(wave.map((transaction) => store.commit(transaction)))
    for (const one of committed) if (!one.ok) throw taken(one.error.on)
  }
}

function taken(names: readonly string[]): Fault {
  const message = `Orders or their numbers are there already: ${names.slice(0, 10).join(', ')}.`
  return new Fault('CONFLICT', message, { retryable: false })
}

import { commitAll, refuseImport } from '@stoa/platform/bulk-import'
import type { EventStore } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import { parseLocationId } from '@stoa/platform/id'
import { findMarket } from '@stoa/platform/market'
import type { RowWrite } from '@stoa/platform/table-store'
import type { EventLocationKind } from '@stoa/schema/events'
import { MAX_UNIT_PRICE } from './domain/cart/limits.ts'
import { type OrderImport, readPastOrder } from './import-order.ts'
import { locationRow } from './store/location-rows.ts'
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
  await commitAll(store, fresh, taken)
  return fresh.length
}

/** Takes in what may be charged. Throws BAD_REQUEST, before anything is written, for a price that is none. */
export async function importPrices(store: EventStore, prices: readonly PriceImport[]): Promise<void> {
  const parts = prices.map((price) => ({ rows: [toRow(price)] }))
  await commitAll(store, parts, taken)
}

/** A place of inventory, as far as orders need to know it. */
export interface PickupLocationImport {
  readonly locationId: string
  readonly kind: EventLocationKind
}

/** Takes in where goods may be picked up. Throws BAD_REQUEST, before anything is written, for an id that is none. */
export async function importPickupLocations(
  store: EventStore,
  locations: readonly PickupLocationImport[],
): Promise<void> {
  const ids = locations.map(({ locationId }) => parseLocationId(locationId))
  refuseImport(
    'The locations',
    ids.flatMap((id) => (id.ok ? [] : [id.error.message])),
  )
  const parts = locations.map(({ locationId, kind }) => ({ rows: [locationRow(locationId, kind)] }))
  await commitAll(store, parts, taken)
}

function toRow({ sku, market, minor, currency, productId, name }: PriceImport): RowWrite {
  const isPrice = Number.isInteger(minor) && minor >= 0 && minor <= MAX_UNIT_PRICE
  if (isPrice && findMarket(market)?.currency === currency)
    return priceRow({ sku, market }, { minor, productId, name })
  const message = `The price of ${sku} cannot be imported: expected minor units of the currency of a market, got ${minor} ${currency} in ${market}.`
  throw new Fault('BAD_REQUEST', message)
}

function taken(names: readonly string[]): Fault {
  const message = `Orders or their numbers are there already: ${names.join(', ')}.`
  return new Fault('CONFLICT', message, { retryable: false })
}

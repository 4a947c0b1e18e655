import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import { findMarket } from '@stoa/platform/market'
import type { Projection } from '@stoa/platform/projection'
import { type PriceChanged, parseEvent } from '@stoa/schema/events'
import { MAX_UNIT_PRICE } from '../domain/cart/limits.ts'
import { priceKey, priceRow } from '../store/price-rows.ts'

/** What may be charged: the catalogue's prices, kept here so that a checkout asks nobody else. */
export const pricesProjection: Projection = {
  name: 'orders.prices',
  eventTypes: ['PriceChanged'],
  keys: (event) => [priceKey(read(event))],
  project(event, rows) {
    const { sku, market, productId, name, price } = read(event)
    const known = rows.get(`${sku}/${market}`)?.['name']
    return [priceRow({ sku, market }, { minor: price.minor, productId, name: name ?? String(known ?? sku) })]
  },
}

function read(event: Envelope): PriceChanged {
  const parsed = parseEvent(event)
  if (!parsed.ok || parsed.value.type !== 'PriceChanged') throw unusable(event, 'it is not as declared')
  const { data } = parsed.value
  if (findMarket(data.market)?.currency !== data.price.currency)
    throw unusable(event, 'its currency is not its market’s')
  if (data.price.minor < 0 || data.price.minor > MAX_UNIT_PRICE)
    throw unusable(event, 'its amount is not a price')
  return data
}

function unusable(event: Envelope, why: string): Fault {
  return new Fault('BAD_REQUEST', `${event.type} ${event.id} cannot be used: ${why}.`)
}

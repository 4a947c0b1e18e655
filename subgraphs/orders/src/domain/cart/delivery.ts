import { parseLocationId } from '@stoa/platform/id'
import type { Market } from '@stoa/platform/market'
import { allResults, err, ok, type Result } from '@stoa/platform/result'
import type { EventAddress, EventDelivery, EventDeliveryMethod } from '@stoa/schema/events'
import type { CartRefusal } from './refusal.ts'

/** As somebody typed it. */
export interface DeliveryWish {
  readonly method: EventDeliveryMethod
  readonly address?: AddressWish | null
  readonly locationId?: string | null
}

export interface AddressWish {
  readonly name: string
  readonly line1: string
  readonly line2?: string | null
  readonly postalCode: string
  readonly city: string
  readonly country: string
}

/** Where the goods go, or why they cannot. A market delivers in its own country: its tax is contained in its prices. */
export function parseDelivery(wish: DeliveryWish, market: Market): Result<EventDelivery, CartRefusal> {
  switch (wish.method) {
    case 'DELIVERY':
      return parseDeliveryTo(wish.address ?? undefined, market)
    case 'PICKUP': {
      if (!wish.locationId) return err(locationMissing())
      const locationId = parseLocationId(wish.locationId)
      return locationId.ok
        ? ok({ method: 'PICKUP', locationId: locationId.value })
        : err(unknownLocation(wish.locationId))
    }
  }
}

export function unknownLocation(got: string): CartRefusal {
  const message = `Expected a store where goods are picked up, got ${JSON.stringify(got.slice(0, 64))}. ${STORES}`
  return { code: 'UNKNOWN_LOCATION', message, path: ['delivery', 'locationId'] }
}

function locationMissing(): CartRefusal {
  const message = `Picking up needs a store, none came. ${STORES}`
  return { code: 'LOCATION_MISSING', message, path: ['delivery', 'locationId'] }
}

const STORES = 'Give the locationId of one that locations(kind: STORE) lists.'

function parseDeliveryTo(wish: AddressWish | undefined, market: Market): Result<EventDelivery, CartRefusal> {
  if (!wish) {
    const message = 'Delivery needs an address, none came. Give one, or choose PICKUP.'
    return err({ code: 'ADDRESS_MISSING', message, path: ['delivery', 'address'] })
  }
  const fields = allResults([
    parseField(wish, 'name'),
    parseField(wish, 'line1'),
    parseField(wish, 'postalCode'),
    parseField(wish, 'city'),
  ])
  if (!fields.ok) return fields
  const [name = '', line1 = '', postalCode = '', city = ''] = fields.value
  const country = wish.country.trim().toUpperCase()
  if (country !== market.code) return err(notServed(market, wish.country))
  const line2 = wish.line2?.trim() ?? ''
  if (line2.length > LONGEST) return err(invalid('line2', LONGEST))
  const address: EventAddress = { name, line1, ...(line2 === '' ? {} : { line2 }), postalCode, city, country }
  return ok({ method: 'DELIVERY', address })
}

const LONGEST = 100
const LONGEST_POSTAL_CODE = 12

function parseField(
  wish: AddressWish,
  field: 'name' | 'line1' | 'postalCode' | 'city',
): Result<string, CartRefusal> {
  const text = wish[field].trim()
  const longest = field === 'postalCode' ? LONGEST_POSTAL_CODE : LONGEST
  return text.length >= 1 && text.length <= longest ? ok(text) : err(invalid(field, longest))
}

function invalid(field: string, longest: number): CartRefusal {
  const message = `Expected 1 to ${longest} characters for ${field}.`
  return { code: 'ADDRESS_INVALID', message, path: ['delivery', 'address', field] }
}

function notServed(market: Market, got: string): CartRefusal {
  const message = `Market ${market.code} delivers in ${market.code} only, got "${got.slice(0, 20)}". Open a cart in another market.`
  return { code: 'COUNTRY_NOT_SERVED', message, path: ['delivery', 'address', 'country'] }
}

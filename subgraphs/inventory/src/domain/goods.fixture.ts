import type { EventDelivery, EventQuantity } from '@stoa/schema/events'
import { announce, decide, type StockCommand } from './decide.ts'
import type { Decision, World } from './decision.ts'
import type { Location } from './location.ts'
import { openStock } from './open-stock.ts'
import { noReservation } from './reservation.ts'
import { evolveStock, type Level, noStock, type Stock } from './stock.ts'

/** Named places and goods for tests. */
export const milan: Location = place('DC-MILAN', 'DC', { latitude: 45.46, longitude: 9.19, country: 'IT' })
export const leipzig: Location = place('DC-LEIPZIG', 'DC', {
  latitude: 51.34,
  longitude: 12.37,
  country: 'DE',
})
export const rome: Location = place('ST-ROME', 'STORE', { latitude: 41.9, longitude: 12.5, country: 'IT' })
export const berlin: Location = place('ST-BERLIN', 'STORE', {
  latitude: 52.52,
  longitude: 13.4,
  country: 'DE',
})
export const everywhere: readonly Location[] = [milan, leipzig, rome, berlin]

export const toItaly: EventDelivery = {
  method: 'DELIVERY',
  address: { name: 'Ada', line1: 'Via Roma 1', postalCode: '00184', city: 'Roma', country: 'IT' },
}
export const toGermany: EventDelivery = {
  method: 'DELIVERY',
  address: { name: 'Bo', line1: 'Torstr. 1', postalCode: '10115', city: 'Berlin', country: 'DE' },
}
export const atRome: EventDelivery = { method: 'PICKUP', locationId: rome.locationId }

/** `{ TEE: { 'DC-MILAN': 3 } }` as stock; a pair is units and safety stock. */
export function stockOf(
  units: Readonly<Record<string, Readonly<Record<string, number | readonly [number, number]>>>>,
): ReadonlyMap<string, Stock> {
  return new Map(
    Object.entries(units).map(([sku, levels]) => {
      const opening = Object.entries(levels).map(([locationId, amount]) => {
        const [onHand, safetyStock] = typeof amount === 'number' ? [amount, 0] : amount
        return { locationId, onHand, safetyStock }
      })
      const opened = openStock({ sku, levels: opening }).reduce(evolveStock, noStock)
      return [sku, announce(sku, opened).reduce(evolveStock, opened)]
    }),
  )
}

/** `line('TEE', 2)`: one line per SKU unless told otherwise. */
export function line(sku: string, quantity: number, lineId: string = `line-${sku}`): EventQuantity {
  return { lineId, sku, quantity }
}

export function worldOf(stock: ReadonlyMap<string, Stock>): World {
  return { stock, reservation: noReservation }
}

/** What happened, and the world afterwards. */
export function run(world: World, command: StockCommand): Decision & { readonly world: World } {
  const decided = decide(world, command)
  if (!decided.ok) throw new Error(`Refused: ${decided.error.code}`)
  const stock = new Map(world.stock)
  for (const [sku, facts] of decided.value.stock) {
    stock.set(sku, facts.reduce(evolveStock, stock.get(sku) ?? noStock))
  }
  const reservation = decided.value.reservation ?? world.reservation
  return { ...decided.value, world: { stock, reservation } }
}

export function levelOf(world: World, sku: string, { locationId }: Location): Level | undefined {
  return world.stock.get(sku)?.levels.get(locationId)
}

function place(
  locationId: string,
  kind: Location['kind'],
  at: { readonly latitude: number; readonly longitude: number; readonly country: string },
): Location {
  const { latitude, longitude, country } = at
  return {
    locationId,
    kind,
    name: locationId,
    address: { line1: 'Via Stoa 1', postalCode: '10000', city: locationId, country },
    latitude,
    longitude,
    timeZone: country === 'IT' ? 'Europe/Rome' : 'Europe/Berlin',
    openingHours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '18:00' })),
  }
}

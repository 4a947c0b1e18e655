import type { EventDelivery } from '@stoa/schema/events'
import { countryCentre } from './country-centre.ts'
import { distanceKm } from './distance.ts'
import type { Location } from './location.ts'
import { levelAt, promisable, type Stock } from './stock.ts'

/** A location that may send something, and what it may give. */
export interface Candidate {
  readonly location: Location
  /** Units per SKU, safety stock kept back. */
  readonly free: ReadonlyMap<string, number>
  /** To the destination; absent when that is not known. */
  readonly distanceKm?: number
}

export interface CandidateQuestion {
  readonly delivery: EventDelivery
  readonly locations: readonly Location[]
  readonly stock: ReadonlyMap<string, Stock>
}

/**
 * Best first. A pickup comes from its own store only. A delivery prefers distribution centres, then the same
 * country (no customs), then the shorter way, then the key, so that there is never a tie.
 */
export function rankCandidates(question: CandidateQuestion): readonly Candidate[] {
  const { delivery, locations, stock } = question
  if (delivery.method === 'PICKUP') {
    return locations
      .filter(({ locationId }) => locationId === delivery.locationId)
      .map((one) => candidate(one, stock))
  }
  const country = delivery.address?.country ?? ''
  const destination = countryCentre(country)
  return locations
    .map((location) => {
      const away = destination && { distanceKm: distanceKm(location, destination) }
      return { ...candidate(location, stock), ...away }
    })
    .sort(
      (a, b) =>
        rank(a.location.kind === 'DC', b.location.kind === 'DC') ||
        rank(a.location.address.country === country, b.location.address.country === country) ||
        (a.distanceKm ?? 0) - (b.distanceKm ?? 0) ||
        byKey(a.location.locationId, b.location.locationId),
    )
}

function candidate(location: Location, stock: ReadonlyMap<string, Stock>): Candidate {
  const free = new Map<string, number>()
  for (const [sku, state] of stock) {
    const units = promisable(levelAt(state, location.locationId))
    if (units > 0) free.set(sku, units)
  }
  return { location, free }
}

function rank(a: boolean, b: boolean): number {
  return Number(b) - Number(a)
}

function byKey(a: string, b: string): number {
  return a < b ? -1 : 1
}

import { checkFirst } from '@stoa/platform/graph'
import type { Coordinates } from './domain/distance.ts'
import { promisable } from './domain/stock.ts'
import { byPlace, checkNear, type PlacedLocation, place } from './find-locations.ts'
import type { Locations } from './location-book.ts'
import type { StockView } from './stock-view.ts'

export interface LocationAvailability extends PlacedLocation {
  readonly available: number
}

export interface NearArguments {
  readonly first?: number | null
  readonly near?: Coordinates | null
}

/** Where a SKU can be had: nearest first, or fullest first; places with nothing to promise are left out. */
export function locationsWithStock(
  stock: StockView,
  { byId }: Locations,
  args: NearArguments,
): readonly LocationAvailability[] {
  const first = checkFirst(args.first ?? 5)
  const near = checkNear(args.near)
  const found: LocationAvailability[] = []
  for (const [locationId, level] of stock.levels()) {
    const location = byId.get(locationId)
    const available = promisable(level)
    if (location && available > 0) found.push({ ...place(location, near), available })
  }
  return found.sort(near ? byPlace : byFullest).slice(0, first)
}

function byFullest(a: LocationAvailability, b: LocationAvailability): number {
  return b.available - a.available || byPlace(a, b)
}

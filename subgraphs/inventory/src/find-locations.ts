import { Fault } from '@stoa/platform/fault'
import { type Connection, connectionOf, type PageArguments, readPage } from '@stoa/platform/graph'
import { keyOf } from '@stoa/platform/id'
import { type Coordinates, distanceKm, isOnGlobe } from './domain/distance.ts'
import type { Location } from './domain/location.ts'
import type { Locations } from './location-book.ts'

/** A location as the answer to one question: with the way to it, when somebody asked from somewhere. */
export interface PlacedLocation {
  readonly location: Location
  readonly distanceKm?: number
}

export interface LocationsArguments extends PageArguments {
  readonly kind?: Location['kind'] | null
  readonly near?: Coordinates | null
}

/** By key, or nearest first; in memory, for there are a few dozen. */
export function listLocations({ all }: Locations, args: LocationsArguments): Connection<PlacedLocation> {
  const page = readPage(args)
  const near = checkNear(args.near)
  const placed = all
    .filter(({ kind }) => !args.kind || kind === args.kind)
    .map((location) => place(location, near))
    .sort(byPlace)
  const [distance, locationId] = page.after ?? []
  const after = { distanceKm: Number(distance), locationId: String(locationId) }
  const rest = page.after ? placed.filter((one) => compare(keyFields(one), after) > 0) : placed
  return connectionOf({
    page,
    items: rest.slice(0, page.first + 1),
    keyOf: (one) => [one.distanceKm ?? 0, one.location.locationId],
    totalCount: placed.length,
  })
}

/** By either of its keys. */
export function findLocation(
  { byId }: Locations,
  keys: { readonly id?: string; readonly locationId?: string },
): PlacedLocation | undefined {
  const location = byId.get(keys.locationId ?? readId(keys.id ?? ''))
  return location && { location }
}

/** To 0.1 km: the way as the crow flies tells no more. */
export function place(location: Location, near: Coordinates | undefined): PlacedLocation {
  return near ? { location, distanceKm: Math.round(distanceKm(location, near) * 10) / 10 } : { location }
}

export function byPlace(a: PlacedLocation, b: PlacedLocation): number {
  return compare(keyFields(a), keyFields(b))
}

/** BAD_REQUEST for a point that is not on the globe. */
export function checkNear(near: Coordinates | null | undefined): Coordinates | undefined {
  if (!near) return undefined
  if (isOnGlobe(near)) return near
  throw new Fault(
    'BAD_REQUEST',
    `Expected latitude −90 to 90 and longitude −180 to 180, got ${near.latitude}, ${near.longitude}.`,
  )
}

interface PlaceKey {
  readonly distanceKm: number
  readonly locationId: string
}

function keyFields({ location, distanceKm: away = 0 }: PlacedLocation): PlaceKey {
  return { distanceKm: away, locationId: location.locationId }
}

function compare(a: PlaceKey, b: PlaceKey): number {
  if (a.distanceKm !== b.distanceKm) return a.distanceKm - b.distanceKm
  if (a.locationId === b.locationId) return 0
  return a.locationId < b.locationId ? -1 : 1
}

function readId(id: string): string {
  const key = keyOf('inventory', 'Location', id)
  if (key.ok) return key.value
  throw new Fault('BAD_REQUEST', key.error.message)
}

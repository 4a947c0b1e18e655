import type { EventStore } from '@stoa/platform/event-store'
import type { JsonObject } from '@stoa/platform/json'
import type { Row, RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Location } from '../domain/location.ts'

/** A few dozen rows that are read together: one partition holds them all. */
const PARTITION = 'all'

/** `LocationChanged` facts told so far; the next is appended behind them. */
export interface LocationRecord {
  readonly location: Location
  readonly facts: number
}

function locationKey(locationId: string): RowKey {
  return { table: 'locations', partition: PARTITION, sort: locationId }
}

export function locationStream(locationId: string): string {
  return `location-${locationId}`
}

export function locationRow({ location, facts }: LocationRecord): RowWrite {
  // A Location is plain JSON by construction; an interface cannot say so.
  return {
    ...locationKey(location.locationId),
    value: { location: location as unknown as JsonObject, facts },
  }
}

function readLocation(row: Row): LocationRecord {
  // Written by locationRow above.
  return row.value as unknown as LocationRecord
}

/** All of them in order of their keys, at most 1,000. */
export async function loadLocations(store: TableStore): Promise<readonly Location[]> {
  const page = await store.query({ table: 'locations', partition: PARTITION, limit: 1000 })
  return page.rows.map((row) => readLocation(row).location)
}

export async function loadLocationRecords(
  store: EventStore,
  locationIds: readonly string[],
): Promise<readonly (LocationRecord | undefined)[]> {
  const rows = await store.getMany(locationIds.map(locationKey))
  return rows.map((row) => row && readLocation(row))
}

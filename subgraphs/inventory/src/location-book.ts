import type { Clock } from '@stoa/platform/clock'
import type { TableStore } from '@stoa/platform/table-store'
import type { Location } from './domain/location.ts'
import { loadLocations } from './store/location-table.ts'

/** All locations, kept in memory: there are few, and they hardly ever change. */
export interface LocationBook {
  read(): Promise<Locations>
  /** Something changed: the next read asks the store. */
  forget(): void
}

export interface Locations {
  /** In order of their keys. */
  readonly all: readonly Location[]
  readonly byId: ReadonlyMap<string, Location>
}

/** How long another process may go on with what it knew; the one that hears of a change forgets at once. */
const KEPT_MS = 30_000

export function createLocationBook(store: TableStore, clock: Clock): LocationBook {
  let kept: { readonly until: number; readonly locations: Promise<Locations> } | undefined

  async function load(): Promise<Locations> {
    const all = await loadLocations(store)
    return { all, byId: new Map(all.map((location) => [location.locationId, location])) }
  }

  return {
    async read() {
      if (!kept || kept.until <= clock.now()) kept = { until: clock.now() + KEPT_MS, locations: load() }
      const current = kept
      const dropped = (): void => {
        if (kept === current) kept = undefined
      }
      try {
        const locations = await current.locations
        // A shop without locations is about to get some.
        if (locations.all.length === 0) dropped()
        return locations
      } catch (reason) {
        dropped()
        throw reason
      }
    },
    forget() {
      kept = undefined
    },
  }
}

import { commitAll, refuseImport } from '@stoa/platform/bulk-import'
import { systemClock } from '@stoa/platform/clock'
import type { NewEvent } from '@stoa/platform/event'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import type { JsonObject } from '@stoa/platform/json'
import { announce } from './domain/decide.ts'
import type { Location } from './domain/location.ts'
import { openStock, type StockOpening } from './domain/open-stock.ts'
import { evolveStock, noStock } from './domain/stock.ts'
import { checkLocations, checkOpenings } from './import-check.ts'
import { loadLocationRecords, locationRow, locationStream } from './store/location-table.ts'
import { stockKey, stockRow, stockStream } from './store/stock-table.ts'

export type ImportLocation = Location
export type ImportStock = StockOpening

export interface Imported {
  readonly written: number
  /** Was so already: locations without a difference, SKUs whose ledger has begun. */
  readonly skipped: number
}

export interface ImportOptions {
  /** When it is said to have happened, epoch milliseconds. Default now. */
  readonly at?: number
}

/** Adds or changes locations. Refuses everything when anything is wrong. Running it again changes nothing. */
export async function importLocations(
  store: EventStore,
  locations: readonly ImportLocation[],
  options: ImportOptions = {},
): Promise<Imported> {
  refuseImport('The locations', checkLocations(locations))
  const at = options.at ?? systemClock.now()
  const known = await loadLocationRecords(
    store,
    locations.map(({ locationId }) => locationId),
  )
  const parts = locations.flatMap((location, i) => {
    const before = known[i]
    if (before && JSON.stringify(before.location) === JSON.stringify(location)) return []
    return [locationPart(location, before?.facts ?? 0, at)]
  })
  await commitAll(store, parts, changed)
  return { written: parts.length, skipped: locations.length - parts.length }
}

/**
 * Opens the ledgers of SKUs with what is on hand; the locations are expected to be imported too. A SKU whose ledger
 * has begun is left as it is: its stock changes by counts and adjustments only.
 */
export async function importStock(
  store: EventStore,
  stock: readonly ImportStock[],
  options: ImportOptions = {},
): Promise<Imported> {
  refuseImport('The stock', checkOpenings(stock))
  const at = options.at ?? systemClock.now()
  const known = await store.getMany(stock.map(({ sku }) => stockKey(sku)))
  const parts = stock.flatMap((opening, i) => (known[i] ? [] : openingPart(opening, at)))
  await commitAll(store, parts, changed)
  return { written: parts.length, skipped: stock.length - parts.length }
}

function locationPart(location: Location, facts: number, at: number): Transaction {
  const { locationId, kind, name, address } = location
  const stream = locationStream(locationId)
  const data = { locationId, kind, name, country: address.country }
  const event = importedEvent(`${stream}-${facts + 1}`, { type: 'LocationChanged', data }, at)
  return {
    appends: [{ stream, expectedVersion: facts, events: [event] }],
    rows: [locationRow({ location, facts: facts + 1 })],
  }
}

function openingPart(opening: StockOpening, at: number): readonly Transaction[] {
  const { sku } = opening
  const opened = openStock(opening)
  if (opened.length === 0) return []
  const filled = opened.reduce(evolveStock, noStock)
  const told = announce(sku, filled)
  const facts = [...opened, ...told]
  const stream = stockStream(sku)
  const events = facts.map((fact, i) => importedEvent(`${stream}-${i + 1}`, fact, at))
  const row = stockRow(sku, { stock: told.reduce(evolveStock, filled), version: facts.length })
  return [{ appends: [{ stream, expectedVersion: 0, events }], rows: [row] }]
}

function importedEvent(
  place: string,
  fact: { readonly type: string; readonly data: object },
  at: number,
): NewEvent {
  // A place in a stream is taken once for ever, so it makes a good id. Facts are plain JSON by construction.
  const data = fact.data as JsonObject
  return {
    id: `import-${place}`,
    type: fact.type,
    at,
    data,
    meta: { correlationId: 'import', imported: true },
  }
}

function changed(names: readonly string[]): Fault {
  return new Fault('CONFLICT', `${names.join(', ')} changed during the import. Run it again.`)
}

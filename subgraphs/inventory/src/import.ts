import { systemClock } from '@stoa/platform/clock'
import type { NewEvent } from '@stoa/platform/event'
import {
  type Append,
  type EventStore,
  MAX_TRANSACTION_ITEMS,
  type Transaction,
} from '@stoa/platform/event-store'
import { Fault } from '@stoa/platform/fault'
import type { JsonObject } from '@stoa/platform/json'
import type { RowWrite } from '@stoa/platform/table-store'
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
  refuse('locations', checkLocations(locations))
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
  await commitAll(store, parts)
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
  refuse('stock', checkOpenings(stock))
  const at = options.at ?? systemClock.now()
  const known = await store.getMany(stock.map(({ sku }) => stockKey(sku)))
  const parts = stock.flatMap((opening, i) => (known[i] ? [] : openingPart(opening, at)))
  await commitAll(store, parts)
  return { written: parts.length, skipped: stock.length - parts.length }
}

/** What must be written together for one location or SKU. */
interface Part {
  readonly append: Append
  readonly row: RowWrite
}

function locationPart(location: Location, facts: number, at: number): Part {
  const { locationId, kind, name, address } = location
  const stream = locationStream(locationId)
  const data = { locationId, kind, name, country: address.country }
  const event = importedEvent(`${stream}-${facts + 1}`, { type: 'LocationChanged', data }, at)
  return {
    append: { stream, expectedVersion: facts, events: [event] },
    row: locationRow({ location, facts: facts + 1 }),
  }
}

function openingPart(opening: StockOpening, at: number): readonly Part[] {
  const { sku } = opening
  const opened = openStock(opening)
  if (opened.length === 0) return []
  const filled = opened.reduce(evolveStock, noStock)
  const told = announce(sku, filled)
  const facts = [...opened, ...told]
  const stream = stockStream(sku)
  const events = facts.map((fact, i) => importedEvent(`${stream}-${i + 1}`, fact, at))
  const row = stockRow(sku, { stock: told.reduce(evolveStock, filled), version: facts.length })
  return [{ append: { stream, expectedVersion: 0, events }, row }]
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

/** Enough at once to fill a network or a group commit, few enough not to flood it. */
const AT_ONCE = 8

async function commitAll(store: EventStore, parts: readonly Part[]): Promise<void> {
  const transactions = pack(parts)
  for (let i = 0; i < transactions.length; i += AT_ONCE) {
    const wave = transactions.slice(i, i + AT_ONCE)
    for (const done of await Promise.all(wave.map((one) => store.commit(one)))) {
      if (!done.ok)
        throw new Fault('CONFLICT', `${done.error.on.join(', ')} changed during the import. Run it again.`)
    }
  }
}

function pack(parts: readonly Part[]): readonly Transaction[] {
  const transactions: { appends: Append[]; rows: RowWrite[] }[] = []
  let items = MAX_TRANSACTION_ITEMS
  for (const { append, row } of parts) {
    const size = append.events.length + 1
    if (items + size > MAX_TRANSACTION_ITEMS) {
      transactions.push({ appends: [], rows: [] })
      items = 0
    }
    items += size
    transactions.at(-1)?.appends.push(append)
    transactions.at(-1)?.rows.push(row)
  }
  return transactions
}

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  const shown = problems.slice(0, 10).join(' ')
  throw new Fault('BAD_REQUEST', `The ${what} cannot be imported, ${problems.length} problems: ${shown}`)
}

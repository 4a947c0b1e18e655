import type { EventOf, EventStockPosting } from '@stoa/schema/events'

/** What one location holds of one SKU, in units. */
export interface Level {
  /** Free to be reserved, safety stock included. */
  readonly available: number
  readonly reserved: number
  /** Held back from the promise. */
  readonly safety: number
  /** Reserved units that the last count did not find; only above zero while `available` is zero. */
  readonly missing: number
  /** When the shelf was last counted or emptied, epoch milliseconds; 0 for never. */
  readonly shelfAt: number
}

/** All stock of one SKU, or that of one shard of it: the state of its stream (see shards.ts). */
export interface Stock {
  readonly levels: ReadonlyMap<string, Level>
  /** What AvailabilityChanged told last. */
  readonly announced: number
  /** Over how many shards the SKU is spread, as shard 0 knows it; 1 is not spread. */
  readonly shards: number
  /** The most there ever were: so many ledgers have lines. */
  readonly widest: number
}

export type StockFact = EventOf<
  'StockMoved' | 'SafetyStockChanged' | 'ShelfCounted' | 'AvailabilityChanged' | 'StockSpread'
>

export type AvailabilityStatus = 'IN_STOCK' | 'LOW' | 'OUT'

const EMPTY: Level = { available: 0, reserved: 0, safety: 0, missing: 0, shelfAt: 0 }
const LOW_UP_TO = 5

/** More than any shelf holds; a larger number is a slip of the keyboard. */
export const MAX_ON_HAND = 1_000_000

export const noStock: Stock = { levels: new Map(), announced: 0, shards: 1, widest: 1 }

export function levelAt(stock: Stock, locationId: string): Level {
  return stock.levels.get(locationId) ?? EMPTY
}

/** Units a location may promise: what is available beyond its safety stock. */
export function promisable(level: Level): number {
  return Math.max(0, level.available - level.safety)
}

/** Units over all locations that may be promised. */
export function availableToPromise(stock: Stock): number {
  let units = 0
  for (const level of stock.levels.values()) units += promisable(level)
  return units
}

export function availabilityStatus(units: number): AvailabilityStatus {
  if (units === 0) return 'OUT'
  return units <= LOW_UP_TO ? 'LOW' : 'IN_STOCK'
}

export function evolveStock(stock: Stock, fact: StockFact): Stock {
  switch (fact.type) {
    case 'StockMoved':
      return move(stock, fact.data)
    case 'SafetyStockChanged':
      return withLevels(stock, (levels) => {
        for (const { locationId, units } of fact.data.levels) change(levels, locationId, { safety: units })
      })
    case 'ShelfCounted':
      return withLevels(stock, (levels) =>
        change(levels, fact.data.locationId, { missing: fact.data.missing, shelfAt: fact.data.countedAt }),
      )
    case 'AvailabilityChanged':
      return { ...stock, announced: fact.data.availableToPromise }
    case 'StockSpread':
      return spreadOver(stock, fact.data)
  }
}

function spreadOver(stock: Stock, { shards, shelves = [] }: EventOf<'StockSpread'>['data']): Stock {
  const looked = withLevels(stock, (levels) => {
    for (const { locationId, at } of shelves ?? []) change(levels, locationId, { shelfAt: at })
  })
  return { ...looked, shards, widest: Math.max(stock.widest, shards) }
}

function move(stock: Stock, moved: EventOf<'StockMoved'>['data']): Stock {
  return withLevels(stock, (levels) => {
    for (const posting of moved.postings) post(levels, posting)
    if (moved.occurredAt === undefined) return
    for (const { locationId } of moved.postings) {
      const level = levels.get(locationId) ?? EMPTY
      levels.set(locationId, { ...level, shelfAt: Math.max(level.shelfAt, moved.occurredAt) })
    }
  })
}

function post(levels: Map<string, Level>, posting: EventStockPosting): void {
  const { locationId, from, to, quantity } = posting
  const level = levels.get(locationId) ?? EMPTY
  const available = level.available + into('AVAILABLE', to, quantity) - into('AVAILABLE', from, quantity)
  const reserved = level.reserved + into('RESERVED', to, quantity) - into('RESERVED', from, quantity)
  const writtenOff = from === 'RESERVED' && to === 'ADJUSTMENT' ? quantity : 0
  const missing = Math.min(Math.max(0, level.missing - writtenOff), reserved)
  levels.set(locationId, { ...level, available, reserved, missing })
}

function into(account: EventStockPosting['to'], named: EventStockPosting['to'], quantity: number): number {
  return account === named ? quantity : 0
}

function change(levels: Map<string, Level>, locationId: string, part: Partial<Level>): void {
  levels.set(locationId, { ...(levels.get(locationId) ?? EMPTY), ...part })
}

function withLevels(stock: Stock, write: (levels: Map<string, Level>) => void): Stock {
  const levels = new Map(stock.levels)
  write(levels)
  return { ...stock, levels }
}

import type { Clock } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Row, RowKey, RowPage, RowQuery } from '../table-store.ts'
import { parseFrozen } from './frozen-json.ts'
import type { PreparedRow } from './prepared-transaction.ts'
import { compareUtf8, sortRange } from './sort-order.ts'
import { checkRowKey, checkRowQuery } from './store-limits.ts'

export interface MemoryTables {
  get(key: RowKey): Row | undefined
  query(query: RowQuery): RowPage
  isAsExpected(row: PreparedRow): boolean
  write(rows: readonly PreparedRow[]): void
}

/** The sort keys of one partition in order, and their rows. */
interface Partition {
  readonly order: string[]
  readonly rows: Map<string, Row>
}

const SWEEP_EVERY_MS = 3_600_000

export function createMemoryTables(clock: Clock): MemoryTables {
  const tables = new Map<string, Map<string, Partition>>()
  const expiring = new Map<Row, number>()
  let nextSweep = clock.now() + SWEEP_EVERY_MS

  const partitionOf = (key: { table: string; partition: string }): Partition | undefined =>
    tables.get(key.table)?.get(key.partition)

  function get(key: RowKey): Row | undefined {
    checkRowKey(key)
    return partitionOf(key)?.rows.get(key.sort)
  }

  return {
    get,
    query(query) {
      checkRowQuery(query)
      const partition = partitionOf(query)
      return partition ? page(partition, query) : { rows: [] }
    },
    isAsExpected({ expect, ...key }) {
      if (expect === 'any') return true
      const row = partitionOf(key)?.rows.get(key.sort)
      return expect === 'absent' ? !row : row?.version === expect.version
    },
    write(rows) {
      for (const row of rows) writeRow(row)
      if (clock.now() >= nextSweep) sweep()
    },
  }

  function writeRow(write: PreparedRow): void {
    const { table, partition, sort, value } = write
    const home = tables.getOrInsertComputed(table, () => new Map())
    const { order, rows } = home.getOrInsertComputed(partition, () => ({ order: [], rows: new Map() }))
    const before = rows.get(sort)
    if (before) expiring.delete(before)
    if (value === undefined) {
      remove({ order, rows }, sort)
      return
    }
    const row: Row = Object.freeze({
      table,
      partition,
      sort,
      version: (before?.version ?? 0) + 1,
      value: parseFrozen<JsonObject>(value),
    })
    rows.set(sort, row)
    if (!before) order.splice(firstAtOrAfter(order, sort), 0, sort)
    if (write.expiresAt !== undefined) expiring.set(row, write.expiresAt)
  }

  function sweep(): void {
    const now = clock.now()
    nextSweep = now + SWEEP_EVERY_MS
    for (const [row, expiresAt] of expiring) {
      if (expiresAt > now) continue
      expiring.delete(row)
      const partition = partitionOf(row)
      if (partition) remove(partition, row.sort)
    }
  }
}

function remove(partition: Partition, sort: string): void {
  if (partition.rows.delete(sort)) partition.order.splice(firstAtOrAfter(partition.order, sort), 1)
}

function page({ order, rows }: Partition, query: RowQuery): RowPage {
  const range = sortRange(query)
  if (!range) return { rows: [] }
  const start = range.above === undefined ? firstAtOrAfter(order, range.from) : firstAfter(order, range.above)
  const end = range.below === undefined ? order.length : firstAtOrAfter(order, range.below)
  const sorts = query.descending
    ? order.slice(Math.max(start, end - query.limit), end).reverse()
    : order.slice(start, Math.min(end, start + query.limit))
  const found = sorts.map((sort) => rows.get(sort)).filter((row) => row !== undefined)
  const next = sorts.at(-1)
  return next !== undefined && end - start > query.limit ? { rows: found, next } : { rows: found }
}

function firstAfter(order: readonly string[], sort: string): number {
  const at = firstAtOrAfter(order, sort)
  return order[at] === sort ? at + 1 : at
}

function firstAtOrAfter(order: readonly string[], sort: string): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareUtf8(order[middle] ?? '', sort) < 0) low = middle + 1
    else high = middle
  }
  return low
}

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Row, RowKey, RowPage, RowQuery } from '../../table-store.ts'
import type { PreparedRow } from '../prepared-transaction.ts'
import { type SortRange, sortRange } from '../sort-order.ts'
import { checkRowKey, checkRowQuery } from '../store-limits.ts'

/** The statements over rows; all synchronous, errors are SQLite's own. */
export interface SqliteTables {
  get(key: RowKey): Row | undefined
  query(query: RowQuery): RowPage
  isAsExpected(row: PreparedRow): boolean
  write(row: PreparedRow): void
  /** Deletes a bounded number of rows that expired before `now`. */
  sweep(now: number): void
}

const KEY = 'tbl = ? AND part = ? AND sort = ?'
const SWEPT_AT_ONCE = 500

export function prepareTables(db: DatabaseSync): SqliteTables {
  const get = db.prepare(`SELECT version, value FROM rows WHERE ${KEY}`)
  const version = db.prepare(`SELECT version FROM rows WHERE ${KEY}`)
  const remove = db.prepare(`DELETE FROM rows WHERE ${KEY}`)
  const upsert = db.prepare(`
    INSERT INTO rows (tbl, part, sort, version, value, expires_at) VALUES (?, ?, ?, 1, ?, ?)
    ON CONFLICT DO UPDATE SET version = version + 1, value = excluded.value, expires_at = excluded.expires_at`)
  const sweep = db.prepare(`
    DELETE FROM rows WHERE (tbl, part, sort) IN
      (SELECT tbl, part, sort FROM rows WHERE expires_at <= ? LIMIT ${SWEPT_AT_ONCE})`)
  const rangeStatement = prepareRanges(db)

  return {
    get(key) {
      checkRowKey(key)
      const found = get.get(key.table, key.partition, key.sort)
      return found && toRow(key, found)
    },
    query(query) {
      checkRowQuery(query)
      const range = sortRange(query)
      if (!range) return { rows: [] }
      const bounds = [range.above ?? range.from, ...(range.below === undefined ? [] : [range.below])]
      const statement = rangeStatement(range, query.descending ?? false)
      // One more than asked for tells whether there is a next page.
      return toPage(query, statement.all(query.table, query.partition, ...bounds, query.limit + 1))
    },
    isAsExpected({ expect, table, partition, sort }) {
      if (expect === 'any') return true
      const found = version.get(table, partition, sort)?.['version']
      return found === (expect === 'absent' ? undefined : expect.version)
    },
    write({ table, partition, sort, value, expiresAt }) {
      if (value === undefined) remove.run(table, partition, sort)
      else upsert.run(table, partition, sort, value, expiresAt ?? null)
    },
    sweep: (now) => void sweep.run(now),
  }
}

/** Text compares by memcmp of its UTF-8 bytes (BINARY collation), as the port asks for. */
function prepareRanges(db: DatabaseSync): (range: SortRange, descending: boolean) => StatementSync {
  const prepared = new Map<string, StatementSync>()
  return (range, descending) => {
    const lower = range.above === undefined ? '>=' : '>'
    const upper = range.below === undefined ? '' : 'AND sort < ?'
    const order = descending ? 'DESC' : 'ASC'
    const sql = `SELECT sort, version, value FROM rows WHERE tbl = ? AND part = ? AND sort ${lower} ? ${upper} ORDER BY sort ${order} LIMIT ?`
    return prepared.getOrInsertComputed(sql, () => db.prepare(sql))
  }
}

function toPage(query: RowQuery, found: readonly Record<string, SQLOutputValue>[]): RowPage {
  const { table, partition, limit } = query
  const rows = found.slice(0, limit).map((row) => toRow({ table, partition, sort: String(row['sort']) }, row))
  const next = rows.at(-1)?.sort
  return found.length > limit && next !== undefined ? { rows, next } : { rows }
}

function toRow({ table, partition, sort }: RowKey, row: Record<string, SQLOutputValue>): Row {
  return { table, partition, sort, version: Number(row['version']), value: JSON.parse(String(row['value'])) }
}

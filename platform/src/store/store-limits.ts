import type { StreamRange } from '../event-store.ts'
import { Fault } from '../fault.ts'
import type { RowKey, RowQuery } from '../table-store.ts'

/** DynamoDB allows 2,048 bytes for a partition key and 1,024 for a sort key; ours leave room for prefixes. */
const MAX_KEY_BYTES = 1000
const MAX_TABLE_BYTES = 250
const MAX_PAGE = 1000

export function checkRowKey(key: RowKey): void {
  checkKeyText('table', key.table, 1)
  checkTableName(key.table)
  checkKeyText('partition', key.partition, 0)
  checkKeyText('sort key', key.sort, 0)
}

export function checkRowQuery(query: RowQuery): void {
  checkRowKey({ table: query.table, partition: query.partition, sort: query.prefix ?? '' })
  checkKeyText('after', query.after ?? '', 0)
  checkLimit(query.limit)
}

/** The range with its defaults. */
export function checkStreamRange(stream: string, range: StreamRange = {}): Required<StreamRange> {
  const { after = 0, limit = MAX_PAGE } = range
  checkKeyText('stream', stream, 1)
  checkWhole('after', after, 0)
  checkLimit(limit)
  return { after, limit }
}

/** Escaped, a name may take three times its bytes of the partition key: with the partition it has to fit in 2,048. */
function checkTableName(table: string): void {
  if (table.length <= MAX_TABLE_BYTES / 3 || Buffer.byteLength(table) <= MAX_TABLE_BYTES) return
  throw new Fault(
    'BAD_REQUEST',
    `Expected a table of 1 to ${MAX_TABLE_BYTES} UTF-8 bytes, got ${quote(table)}. Choose a shorter name.`,
  )
}

/** Lone surrogates have no UTF-8 form: two different keys would become one. */
export function checkKeyText(what: string, text: string, least: 0 | 1): void {
  const fits = text.length >= least && text.length <= MAX_KEY_BYTES && text.isWellFormed()
  if (fits && (text.length * 3 <= MAX_KEY_BYTES || Buffer.byteLength(text) <= MAX_KEY_BYTES)) return
  throw new Fault(
    'BAD_REQUEST',
    `Expected a ${what} of ${least} to ${MAX_KEY_BYTES} UTF-8 bytes, got ${quote(text)}.`,
  )
}

export function checkWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new Fault('BAD_REQUEST', `Expected a whole number from ${least} as ${what}, got ${value}.`)
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE) return
  throw new Fault(
    'BAD_REQUEST',
    `Expected a limit from 1 to ${MAX_PAGE}, got ${limit}. Ask for the next page with "after".`,
  )
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

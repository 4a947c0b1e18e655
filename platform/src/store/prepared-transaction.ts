import type { NewEvent } from '../event.ts'
import { type Append, MAX_TRANSACTION_ITEMS, rowName, type Transaction } from '../event-store.ts'
import { Fault } from '../fault.ts'
import type { RowKey, RowVersion, RowWrite } from '../table-store.ts'
import { checkSizes } from './item-size.ts'
import { checkKeyText, checkRowKey, checkWhole } from './store-limits.ts'

/** A transaction that was checked and turned into text: the caller may change its objects, we no longer look. */
export interface PreparedTransaction {
  readonly appends: readonly PreparedAppend[]
  readonly rows: readonly PreparedRow[]
}

export interface PreparedAppend {
  readonly stream: string
  readonly expectedVersion: number
  readonly events: readonly PreparedEvent[]
}

export interface PreparedEvent {
  readonly id: string
  readonly type: string
  readonly at: number
  /** JSON text. */
  readonly data: string
  /** JSON text. */
  readonly meta: string
}

export interface PreparedRow extends RowKey {
  /** JSON text; undefined deletes. */
  readonly value: string | undefined
  readonly expect: 'any' | 'absent' | RowVersion
  readonly expiresAt: number | undefined
}

/** Every engine refuses what the strictest one would, so that what runs embedded runs in production. */
export function prepareTransaction(transaction: Transaction): PreparedTransaction {
  const appends = transaction.appends ?? []
  const rows = transaction.rows ?? []
  checkCount(appends, rows.length)
  checkDistinct(
    'stream',
    appends.map((append) => append.stream),
  )
  checkDistinct('row', rows.map(rowName))
  const prepared = { appends: appends.map(prepareAppend), rows: rows.map(prepareRow) }
  checkSizes(prepared)
  return prepared
}

function prepareAppend(append: Append): PreparedAppend {
  const { stream, expectedVersion } = append
  checkKeyText('stream', stream, 1)
  checkWhole(`expectedVersion of ${stream}`, expectedVersion, 0)
  if (append.events.length === 0)
    throw new Fault('BAD_REQUEST', `Expected at least one event for ${stream}, got none.`)
  return { stream, expectedVersion, events: append.events.map((event) => prepareEvent(stream, event)) }
}

function prepareEvent(stream: string, event: NewEvent): PreparedEvent {
  const { id, type, at } = event
  checkKeyText(`id of an event of ${stream}`, id, 1)
  checkKeyText(`type of the event ${id}`, type, 1)
  checkWhole(`time of event ${id}`, at, Number.MIN_SAFE_INTEGER)
  return { id, type, at, data: toText(stream, event.data), meta: toText(stream, event.meta) }
}

function prepareRow(row: RowWrite): PreparedRow {
  const { table, partition, sort, expect = 'any', expiresAt } = row
  checkRowKey(row)
  if (typeof expect === 'object') checkWhole(`expected version of ${rowName(row)}`, expect.version, 1)
  if (expiresAt !== undefined) checkWhole(`expiresAt of ${rowName(row)}`, expiresAt, 0)
  const value = row.value === undefined ? undefined : toText(rowName(row), row.value)
  return { table, partition, sort, expect, expiresAt, value }
}

function toText(name: string, value: object): string {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw new Fault(
      'BAD_REQUEST',
      `Expected plain JSON for ${name}, got something that cannot be written as JSON.`,
      { cause },
    )
  }
}

function checkCount(appends: readonly Append[], rows: number): void {
  const items = appends.reduce((sum, append) => sum + append.events.length, rows)
  if (items <= MAX_TRANSACTION_ITEMS) return
  throw new Fault(
    'BAD_REQUEST',
    `Expected at most ${MAX_TRANSACTION_ITEMS} events and rows in one transaction, got ${items}. Split it into several.`,
  )
}

function checkDistinct(what: string, names: readonly string[]): void {
  if (new Set(names).size === names.length) return
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  throw new Fault(
    'BAD_REQUEST',
    `Expected each ${what} once in a transaction, got ${twice} twice. Merge the two.`,
  )
}

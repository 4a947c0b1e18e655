import { engineFault } from '../engine-fault.ts'
import { rowName } from '../event-store.ts'
import type { RowKey } from '../table-store.ts'

/**
 * DynamoDB counts the UTF-8 bytes of the names and values in an item, and refuses items above 400 KB and
 * transactions above 4 MB. Every engine counts as if it were DynamoDB, so that what runs embedded runs on AWS.
 */
export const MAX_ITEM_BYTES = 409_600
export const MAX_TRANSACTION_BYTES = 4_194_304

/** A number takes a byte for two digits, one more, and one for a sign: no safe integer has over 16 digits. */
const NUMBER_BYTES = 10
const EVENT_BYTES = 'streamversionfirstrecordedidtypeatdatameta'.length + 4 * NUMBER_BYTES
/** A transaction is counted as it is sent: with its conditions, placeholders and table names. */
const REQUEST_BYTES = 300
/** On DynamoDB a row says which transaction wrote it. */
export const MAX_WRITER_BYTES = 96
const ROW_BYTES = 'homesortvvalueexpiresby'.length + '#.'.length + 2 * NUMBER_BYTES + MAX_WRITER_BYTES

export interface SizedEvent {
  readonly id: string
  readonly type: string
  /** JSON text. */
  readonly data: string
  /** JSON text. */
  readonly meta: string
}

export interface SizedRow extends RowKey {
  /** JSON text; undefined deletes, and only the key is sent. */
  readonly value: string | undefined
}

export interface SizedTransaction {
  readonly appends: readonly { readonly stream: string; readonly events: readonly SizedEvent[] }[]
  readonly rows: readonly SizedRow[]
}

/** Throws BAD_REQUEST naming what is too large, how large it is, the limit, and what to do. */
export function checkSizes({ appends, rows }: SizedTransaction): void {
  if (isSmall({ appends, rows })) return
  let total = appends.reduce((sum, { events }) => sum + events.length, rows.length) * REQUEST_BYTES
  for (const { stream, events } of appends) for (const event of events) total += checkedEvent(stream, event)
  for (const row of rows) total += checkedRow(row)
  if (total > MAX_TRANSACTION_BYTES) refuseTransaction({ appends, rows }, total)
}

/** Nearly all are: a character is three bytes at most, and its number is known without looking at the text. */
function isSmall({ appends, rows }: SizedTransaction): boolean {
  let most = 0
  for (const { stream, events } of appends)
    for (const { id, type, data, meta } of events)
      most += 500 + 3 * (stream.length + id.length + type.length + data.length + meta.length)
  for (const { table, partition, sort, value = '' } of rows)
    most += 500 + 9 * table.length + 3 * (partition.length + sort.length + value.length)
  return most <= MAX_ITEM_BYTES
}

/** Bytes of the event as an item: a few more than DynamoDB counts, never fewer. */
export function eventBytes(stream: string, { id, type, data, meta }: SizedEvent): number {
  return EVENT_BYTES + bytes(stream) + bytes(id) + bytes(type) + bytes(data) + bytes(meta)
}

/** Bytes of the row as an item, likewise. */
export function rowBytes({ table, partition, sort, value = '' }: SizedRow): number {
  return ROW_BYTES + bytes(encodeURIComponent(table)) + bytes(partition) + bytes(sort) + bytes(value)
}

function checkedEvent(stream: string, event: SizedEvent): number {
  const size = eventBytes(stream, event)
  if (size > MAX_ITEM_BYTES) refuseItem(eventName(stream, event), size)
  return size
}

function checkedRow(row: SizedRow): number {
  const size = rowBytes(row)
  if (size > MAX_ITEM_BYTES) refuseItem(`the row ${rowName(row)}`, size)
  return size
}

function refuseItem(name: string, size: number): never {
  const advice = 'Store large content elsewhere and keep here where it is, or split it.'
  const message = `Expected at most ${MAX_ITEM_BYTES} bytes for ${short(name)}, got ${size}. ${advice}`
  throw engineFault('BAD_REQUEST', message, { engine: 'event-store', kind: 'item_too_large' })
}

function refuseTransaction({ appends, rows }: SizedTransaction, total: number): never {
  const items = [
    ...appends.flatMap(({ stream, events }) =>
      events.map((event) => ({ name: eventName(stream, event), size: eventBytes(stream, event) })),
    ),
    ...rows.map((row) => ({ name: `the row ${rowName(row)}`, size: rowBytes(row) })),
  ]
  const largest = items.reduce((most, item) => (item.size > most.size ? item : most))
  const message =
    `Expected at most ${MAX_TRANSACTION_BYTES} bytes in one transaction, got ${total} in ${items.length} items, ` +
    `the largest being ${short(largest.name)} with ${largest.size}. Split it into several that stand by themselves.`
  throw engineFault('BAD_REQUEST', message, { engine: 'event-store', kind: 'transaction_too_large' })
}

function eventName(stream: string, { id, type }: SizedEvent): string {
  return `the event ${id} (${type}) of ${stream}`
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}

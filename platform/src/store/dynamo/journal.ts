import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Transaction } from '../../event-store.ts'
import { eventBytes, MAX_ITEM_BYTES, MAX_WRITER_BYTES } from '../item-size.ts'
import { type PreparedRow, type PreparedTransaction, prepareTransaction } from '../prepared-transaction.ts'
import { homeOf, sortMark } from './row-key.ts'

/**
 * Rows and events are two tables, and tables are restored one by one: some transactions come back with their events
 * and without all of their rows. So the first event of a transaction carries what became of the rows, and each row
 * says which transaction wrote it.
 */
export interface KeptRow {
  readonly home: string
  readonly sort: string
  /** JSON text; null: deleted. */
  readonly value: string | null
  /** Which version of the row this made; 0 where the transaction did not say which it expected. */
  readonly v: number
  /** Epoch seconds; 0: for ever. */
  readonly expires: number
}

/** More than any command of ours writes to rows: what packing takes is bounded. */
const MAX_TEXT = 262_144
/** Far below DynamoDB's 4 MB for a transaction. */
const MAX_EVENTS_TEXT = 1_000_000

/** An attribute for the first event; none where nothing was written to rows, or more than an item can carry. */
export function journalOf({ appends, rows }: PreparedTransaction): Record<string, AttributeValue> {
  const [append] = appends
  const [first] = append?.events ?? []
  if (!append || !first || rows.length === 0) return {}
  if (textLength(rows) > MAX_TEXT || eventsLength({ appends, rows }) > MAX_EVENTS_TEXT) return TOO_LARGE
  const packed = packRows(rows)
  const isTooLarge = eventBytes(append.stream, first) + packed.length > MAX_ITEM_BYTES - SPARE
  return isTooLarge ? TOO_LARGE : { rows: { B: packed } }
}

/** What that attribute adds to the first event, in bytes. */
export function journalBytes(transaction: Transaction): number {
  const { rows } = journalOf(prepareTransaction(transaction))
  return (rows?.B?.length ?? 0) + (rows ? NAME_BYTES : 0)
}

/** Which transaction wrote a row: when, and what its first event is, unless the name of its stream is very long. */
export function writtenBy({ appends }: PreparedTransaction, now: number): string {
  const [append] = appends
  const text = append ? `${now} ${append.expectedVersion + 1} ${append.stream}` : String(now)
  return Buffer.byteLength(text) > MAX_WRITER_BYTES ? String(now) : text
}

export interface Writer {
  /** By the writer's clock, epoch milliseconds; 0 in tables of before. */
  readonly at: number
  readonly event: { readonly stream: string; readonly version: number } | undefined
}

export function toWriter(text: string | undefined): Writer {
  const [, at = '0', version, stream] = /^(\d+)(?: (\d+) (.*))?$/s.exec(text ?? '') ?? []
  const event =
    version === undefined || stream === undefined ? undefined : { stream, version: Number(version) }
  return { at: Number(at), event }
}

/** Undefined where the rows were too many to be kept. */
export function toKeptRows(journal: AttributeValue): readonly KeptRow[] | undefined {
  if (!journal.B) return undefined
  // Written by packRows below.
  const packed: readonly [string, string, string | null, number, number][] = JSON.parse(
    inflateRawSync(journal.B).toString('utf8'),
  )
  return packed.map(([home, sort, value, v, expires]) => ({ home, sort, value, v, expires }))
}

const NAME_BYTES = 'rows'.length
const SPARE = 1024
const TOO_LARGE = { rows: { BOOL: false } }

/** An order, its rows to be found by and the answer kept under a key say the same thing: packed, once. */
function packRows(rows: readonly PreparedRow[]): Buffer {
  const packed = rows.map((row) => [
    homeOf(row),
    sortMark(row.sort),
    row.value ?? null,
    versionOf(row),
    Math.ceil((row.expiresAt ?? 0) / 1000),
  ])
  return deflateRawSync(JSON.stringify(packed), { level: 1 })
}

function versionOf({ expect }: PreparedRow): number {
  if (expect === 'any') return 0
  return expect === 'absent' ? 1 : expect.version + 1
}

function textLength(rows: readonly PreparedRow[]): number {
  return rows.reduce(
    (sum, { partition, sort, value = '' }) => sum + partition.length + sort.length + value.length,
    0,
  )
}

function eventsLength({ appends }: PreparedTransaction): number {
  return appends
    .flatMap(({ events }) => events)
    .reduce((sum, { data, meta }) => sum + data.length + meta.length, 0)
}

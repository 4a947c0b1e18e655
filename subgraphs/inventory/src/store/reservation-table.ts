import type { EventStore } from '@stoa/platform/event-store'
import type { JsonObject } from '@stoa/platform/json'
import { shardOf, shardsOf } from '@stoa/platform/shard'
import type { Row, RowKey, RowVersion, RowWrite, TableStore } from '@stoa/platform/table-store'
import { expiryOf, noReservation, type Reservation } from '../domain/reservation.ts'

/** What one order holds, and what the next write must find unchanged. */
export interface ReservationRecord {
  readonly reservation: Reservation
  readonly streamVersion: number
  readonly expect: 'absent' | RowVersion
  /** SKUs of a very wide order whose rows are still to follow their streams. */
  readonly unsettled: readonly string[]
}

type ReservationValue = Omit<ReservationRecord, 'expect'>

/** One hour, in as many partitions as a shop's orders of an hour need: a sweep finds what lapsed by asking those. */
const BUCKET_MS = 3_600_000

export function reservationStream(orderId: string): string {
  return `reservation-${orderId}`
}

function reservationKey(orderId: string): RowKey {
  return { table: 'reservations', partition: orderId, sort: 'now' }
}

export async function loadReservation(store: TableStore, orderId: string): Promise<ReservationRecord> {
  const row = await store.get(reservationKey(orderId))
  if (!row) return { reservation: noReservation, streamVersion: 0, expect: 'absent', unsettled: [] }
  return { ...readReservation(row), expect: { version: row.version } }
}

/** The reservation's row, and beside it the row by which a sweep finds what lapses. */
export function reservationRows(
  orderId: string,
  before: ReservationRecord,
  after: ReservationValue,
): readonly RowWrite[] {
  const { streamVersion, unsettled } = after
  const wide = unsettled.length > 0 ? { unsettled } : {}
  const value = { reservation: asJson(after.reservation), streamVersion, ...wide }
  const row: RowWrite = { ...reservationKey(orderId), value, expect: before.expect }
  const was = expiryOf(before.reservation)
  const is = expiryOf(after.reservation)
  if (was === is) return [row]
  const old = was === undefined ? [] : [holdKey(orderId, was)]
  const fresh = is === undefined ? [] : [{ ...holdKey(orderId, is), value: { orderId } }]
  return [row, ...old, ...fresh]
}

export function holdBucket(at: number): number {
  return Math.floor(at / BUCKET_MS)
}

/** A row that says when a reservation lapses. */
export interface LapsedHold extends RowKey {
  readonly orderId: string
}

/** What lapses up to `until` (epoch milliseconds), earliest first. */
export async function lapsedHolds(
  store: TableStore,
  of: { readonly bucket: number; readonly until: number; readonly limit: number },
): Promise<readonly LapsedHold[]> {
  const { bucket, until, limit } = of
  const pages = await Promise.all(
    partitionsOf(bucket).map((partition) => store.query({ table: 'holds', partition, limit })),
  )
  return pages
    .flatMap(({ rows }) => rows)
    .filter((row) => expiryIn(row) <= until)
    .sort((a, b) => expiryIn(a) - expiryIn(b))
    .slice(0, limit)
    .map(({ table, partition, sort, value }) => ({
      table,
      partition,
      sort,
      orderId: String(value['orderId']),
    }))
}

/**
 * Before 2026-11-22 an hour was one partition. Holds of then are found there and forgotten like any other that
 * points at nothing. A hold lasts a week: once the shop has run a week on this version, that partition can go.
 */
function partitionsOf(bucket: number): readonly string[] {
  return [String(bucket), ...shardsOf(String(bucket))]
}

function expiryIn({ sort }: RowKey): number {
  return Number(sort.slice(0, sort.indexOf('/')))
}

export async function forgetHold(store: EventStore, { table, partition, sort }: LapsedHold): Promise<void> {
  await store.commit({ rows: [{ table, partition, sort }] })
}

function holdKey(orderId: string, expiresAt: number): RowKey {
  const partition = shardOf(String(holdBucket(expiresAt)), orderId)
  return { table: 'holds', partition, sort: `${expiresAt}/${orderId}` }
}

function readReservation({ value }: Row): ReservationValue {
  // Written by reservationRows above, from a ReservationValue.
  const { reservation, streamVersion, unsettled = [] } = value as unknown as Partial<ReservationValue>
  return { reservation: reservation ?? noReservation, streamVersion: streamVersion ?? 0, unsettled }
}

function asJson(reservation: Reservation): JsonObject {
  // A Reservation is plain JSON by construction; a union of interfaces cannot say so.
  return reservation as unknown as JsonObject
}

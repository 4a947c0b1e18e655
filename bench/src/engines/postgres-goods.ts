import { randomUUID } from 'node:crypto'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import type { RowKey } from '@stoa/platform/table-store'

/** Rows to read. */
const STOCKED = 10_000

/** A hundred streams of ten events, and the rows. */
export async function stock(store: EventStore): Promise<void> {
  for (let i = 0; i < STOCKED; i += 100) {
    const rows = Array.from({ length: 100 }, (_, n) => ({ ...keyOf(i + n), value: orderData(`${i + n}`) }))
    await store.commit({ rows })
    await store.commit({ appends: [append(`stock-${i / 100}`, 10)] })
  }
}

/** `size` events in one stream and as many rows, all new. */
export function transactionOf(name: string, size: number): Transaction {
  const rows = Array.from({ length: size }, (_, i) => {
    return {
      table: 'orders',
      partition: name,
      sort: `line-${i}`,
      value: orderData(name),
      expect: 'absent' as const,
    }
  })
  return { appends: [append(name, size)], rows }
}

function append(stream: string, count: number) {
  const events = Array.from({ length: count }, (_, i) => ({
    id: `${stream}-${i}`,
    type: 'OrderCreated',
    at: 1_767_600_000_000,
    data: orderData(stream),
    meta: { correlationId: 'C-1' },
  }))
  return { stream, expectedVersion: 0, events }
}

function orderData(id: string) {
  const line = { sku: 'TEE-0001-M', quantity: 2, unitPrice: { minor: 1999, currency: 'EUR' } }
  return { orderId: id, customerId: 'CU-1', market: 'IT', lines: [line, line, line] }
}

/** The n-th row of the stock, around and around. */
export function keyOf(n: number): RowKey {
  return { table: 'stock', partition: `p-${n % 100}`, sort: `k-${n % STOCKED}` }
}

/** The arguments of the function, made by hand from a transaction of one append. */
export function valuesOf({ appends = [], rows = [] }: Transaction): unknown[] {
  const streams = appends.map((one) => one.stream)
  const events = appends.flatMap((one) => one.events)
  return [
    randomUUID(),
    false,
    streams,
    appends.map((one) => one.expectedVersion),
    events.map(() => streams[0]),
    events.map((_, i) => i + 1),
    events.map((event) => event.id),
    events.map((event) => event.type),
    events.map((event) => event.at),
    events.map((event) => JSON.stringify(event.data)),
    events.map((event) => JSON.stringify(event.meta)),
    rows.map((row) => row.table),
    rows.map((row) => row.partition),
    rows.map((row) => row.sort),
    rows.map(() => 0),
    rows.map((row) => JSON.stringify(row.value)),
    rows.map(() => null),
  ]
}

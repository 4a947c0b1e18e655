import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { eventBytes, rowBytes } from '@stoa/platform/item-size'
import { journalBytes } from '@stoa/platform/journal.dynamodb'
import type { Row, RowKey, RowWrite } from '@stoa/platform/table-store'

/** What DynamoDB would charge, in its units of on-demand capacity. */
export interface Capacity {
  /** Write request units: one for each begun KB, two in a transaction. */
  writes: number
  /** Read request units: one for each begun 4 KB, all reads being consistent. */
  reads: number
  /** Items written, deleted ones too. */
  items: number
  /** Of these items. */
  bytes: number
}

/** By subgraph and table: `orders carts`; `orders (events)` for its streams. */
export type Ledger = Map<string, Capacity>

/** The same store; what passes through it is counted as the DynamoDB engine would send it. */
export function countingStore(store: EventStore, name: string, ledger: Ledger): EventStore {
  const of = (table: string): Capacity =>
    ledger.getOrInsertComputed(`${name} ${table}`, () => ({ writes: 0, reads: 0, items: 0, bytes: 0 }))

  function countReads(table: string, bytes: number): void {
    of(table).reads += Math.max(1, Math.ceil(bytes / READ_BYTES))
  }

  /** What an event carries of its transaction's rows, by its id: in bytes. */
  const journals = new Map<string, number>()

  function bytesOf(stream: string, event: Parameters<typeof textsOf>[0]): number {
    return eventBytes(stream, textsOf(event)) + (journals.get(event.id) ?? 0)
  }

  /** A commit that loses its race costs as much as one that wins. */
  function countCommit({ appends = [], rows = [] }: Transaction): void {
    const first = appends[0]?.events[0]
    if (first) journals.set(first.id, journalBytes({ appends, rows }))
    for (const { stream, events } of appends)
      for (const event of events) countWrite(of('(events)'), bytesOf(stream, event))
    for (const row of rows) countWrite(of(row.table), sizeOf(row))
  }

  return {
    async load(stream, range) {
      const events = await store.load(stream, range)
      countReads(
        '(events)',
        events.reduce((sum, event) => sum + bytesOf(stream, event), 0),
      )
      return events
    },
    async commit(transaction) {
      countCommit(transaction)
      return await store.commit(transaction)
    },
    async get(key) {
      const row = await store.get(key)
      countReads(key.table, foundBytes(key, row))
      return row
    },
    async getMany(keys) {
      const rows = await store.getMany(keys)
      keys.forEach((key, i) => {
        countReads(key.table, foundBytes(key, rows[i]))
      })
      return rows
    },
    async query(query) {
      const page = await store.query(query)
      countReads(
        query.table,
        page.rows.reduce((sum, row) => sum + foundBytes(row, row), 0),
      )
      return page
    },
    follow: (consumer, handle) => store.follow(consumer, handle),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

const READ_BYTES = 4096
const WRITE_BYTES = 1024
const TRANSACTIONAL = 2

function countWrite(capacity: Capacity, bytes: number): void {
  capacity.writes += TRANSACTIONAL * Math.max(1, Math.ceil(bytes / WRITE_BYTES))
  capacity.items += 1
  capacity.bytes += bytes
}

function foundBytes(key: RowKey, row: Row | undefined): number {
  return row ? sizeOf({ ...key, value: row.value }) : 0
}

function sizeOf(row: RowWrite): number {
  const value = row.value === undefined ? undefined : JSON.stringify(row.value)
  return rowBytes({ table: row.table, partition: row.partition, sort: row.sort, value })
}

function textsOf(event: { id: string; type: string; data: object; meta: object }) {
  return {
    id: event.id,
    type: event.type,
    data: JSON.stringify(event.data),
    meta: JSON.stringify(event.meta),
  }
}

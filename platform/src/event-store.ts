import type { NewEvent, RecordedEvent } from './event.ts'
import type { Result } from './result.ts'
import type { RowWrite, TableStore } from './table-store.ts'

/**
 * Streams of events and the rows beside them, in one database, changed in one transaction.
 * What is appended here is also the outbox: the change feed hands it on, in order per stream, at least once.
 */
export interface EventStore extends TableStore, AsyncDisposable {
  /** Events of one stream, oldest first. */
  load(stream: string, range?: StreamRange): Promise<readonly RecordedEvent[]>
  /** All of it or nothing. A lost race is a value; a broken store is a fault. */
  commit(transaction: Transaction): Promise<Result<Committed, Conflict>>
  /**
   * Hands every event recorded since this consumer's checkpoint to `handle`, batch by batch, in order per stream.
   * The checkpoint moves after `handle` resolves; when it rejects, the same batch comes again after a pause.
   */
  follow(consumer: string, handle: FeedHandler): Promise<AsyncDisposable>
}

export interface StreamRange {
  /** Only versions above this one. Default 0. */
  readonly after?: number
  /** 1 to 1,000. Default 1,000. */
  readonly limit?: number
}

/** At most 100 items in all (appended events plus rows): DynamoDB's limit for one transaction. */
export interface Transaction {
  readonly appends?: readonly Append[]
  readonly rows?: readonly RowWrite[]
}

export interface Append {
  readonly stream: string
  /** The version the stream must be at: 0 for a new one. */
  readonly expectedVersion: number
  readonly events: readonly NewEvent[]
}

export interface Committed {
  /** The stream versions after the commit, in the order of the appends. */
  readonly versions: readonly number[]
}

/** Somebody else was first: which stream or row was not as expected. Load again and decide again. */
export interface Conflict {
  readonly code: 'CONFLICT'
  readonly on: readonly string[]
}

export type FeedHandler = (events: readonly RecordedEvent[]) => Promise<void>

/** `orders` rows are named so in conflicts: `table/partition/sort`. */
export function rowName(row: { table: string; partition: string; sort: string }): string {
  return `${row.table}/${row.partition}/${row.sort}`
}

export const MAX_TRANSACTION_ITEMS = 100

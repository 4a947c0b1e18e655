import type { Clock } from './clock.ts'
import type { EventMeta, RecordedEvent } from './event.ts'
import { type Committed, type Conflict, type EventStore, rowName } from './event-store.ts'
import { Fault } from './fault.ts'
import type { JsonObject } from './json.ts'
import { type Log, silentLog } from './log.ts'
import { err, ok, type Result } from './result.ts'
import { createFeedHub } from './store/event-feed.ts'
import { parseFrozen } from './store/frozen-json.ts'
import { createMemoryTables, type MemoryTables } from './store/memory-tables.ts'
import { type Positions, positionFeed } from './store/position-feed.ts'
import {
  type PreparedAppend,
  type PreparedTransaction,
  prepareTransaction,
} from './store/prepared-transaction.ts'
import { checkStreamRange } from './store/store-limits.ts'

export interface MemoryStoreOptions {
  readonly clock: Clock
  readonly log?: Log
}

/** Everything in this process's memory, gone with it: for tests, simulation and `npm start` without a folder. */
export function openMemoryStore(options: MemoryStoreOptions): EventStore {
  const { clock, log = silentLog } = options
  const streams = new Map<string, RecordedEvent[]>()
  const journal: RecordedEvent[] = []
  const tables = createMemoryTables(clock)
  const feed = createFeedHub({ source: positionFeed(journalPositions(journal)), clock, log })
  let open = true

  function assertOpen(): void {
    if (!open)
      throw new Fault('STORE_UNAVAILABLE', 'The memory store is closed. Open a new one.', {
        retryable: false,
      })
  }

  return {
    async load(stream, range) {
      assertOpen()
      const { after, limit } = checkStreamRange(stream, range)
      return streams.get(stream)?.slice(after, after + limit) ?? []
    },
    async commit(transaction) {
      assertOpen()
      const prepared = prepareTransaction(transaction)
      const conflicts = findConflicts(streams, tables, prepared)
      if (conflicts.length > 0) return err({ code: 'CONFLICT', on: conflicts })
      tables.write(prepared.rows)
      const committed = append({ streams, journal }, prepared.appends)
      feed.wake()
      return committed
    },
    async follow(consumer, handle) {
      assertOpen()
      return feed.follow(consumer, handle)
    },
    async get(key) {
      assertOpen()
      return tables.get(key)
    },
    async getMany(keys) {
      assertOpen()
      return keys.map(tables.get)
    },
    async query(query) {
      assertOpen()
      return tables.query(query)
    },
    async [Symbol.asyncDispose]() {
      open = false
      await feed[Symbol.asyncDispose]()
    },
  }
}

type Streams = Map<string, RecordedEvent[]>

function findConflicts(
  streams: Streams,
  tables: MemoryTables,
  transaction: PreparedTransaction,
): readonly string[] {
  const late = transaction.appends.filter(({ stream, expectedVersion }) => {
    return (streams.get(stream)?.length ?? 0) !== expectedVersion
  })
  const changed = transaction.rows.filter((row) => !tables.isAsExpected(row))
  return [...late.map((append) => append.stream), ...changed.map(rowName)]
}

function append(
  to: { readonly streams: Streams; readonly journal: RecordedEvent[] },
  appends: readonly PreparedAppend[],
): Result<Committed, Conflict> {
  const versions = appends.map((one) => {
    const events = to.streams.get(one.stream) ?? []
    to.streams.set(one.stream, events)
    for (const event of one.events) {
      const recorded: RecordedEvent = Object.freeze({
        id: event.id,
        type: event.type,
        at: event.at,
        data: parseFrozen<JsonObject>(event.data),
        meta: parseFrozen<EventMeta>(event.meta),
        stream: one.stream,
        version: events.length + 1,
      })
      events.push(recorded)
      to.journal.push(recorded)
    }
    return events.length
  })
  return ok({ versions })
}

/** Positions are places in the journal: 0 is before the first event. */
function journalPositions(journal: readonly RecordedEvent[]): Positions {
  const checkpoints = new Map<string, number>()
  return {
    checkpoint: async (consumer) => checkpoints.get(consumer) ?? 0,
    async read(after, limit) {
      const events = journal.slice(after, after + limit)
      return { events, position: after + events.length }
    },
    async save(consumer, position) {
      checkpoints.set(consumer, position)
    },
  }
}

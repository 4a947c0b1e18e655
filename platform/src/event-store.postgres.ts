import type { Clock } from './clock.ts'
import { engineFault } from './engine-fault.ts'
import type { EventStore } from './event-store.ts'
import { type Log, silentLog } from './log.ts'
import { migratePostgres, quoteSchema } from './postgres/migrate.ts'
import type { Postgres } from './postgres/open.ts'
import type { Random } from './random.ts'
import { createFeedHub } from './store/event-feed.ts'
import { prepareCommit } from './store/postgres/commit.ts'
import { postgresFeed } from './store/postgres/feed.ts'
import { startLine } from './store/postgres/line.ts'
import { prepareReading } from './store/postgres/read.ts'
import { storeMigrations } from './store/postgres/schema.ts'
import { createSweeper } from './store/postgres/sweeper.ts'
import { prepareTransaction } from './store/prepared-transaction.ts'
import { checkRowKey, checkRowQuery, checkStreamRange } from './store/store-limits.ts'

export interface PostgresStoreOptions {
  /** Belongs to the caller, who closes it after the stores that use it. */
  readonly database: Postgres
  /** The PostgreSQL schema with the tables of this store, made when missing: a subgraph's name. */
  readonly schema: string
  readonly clock: Clock
  readonly random: Random
  readonly log?: Log
  /** How often followers look without being called, in milliseconds. Default 250. */
  readonly pollMs?: number
  /** After this long without a sign of life another process follows instead, in milliseconds. Default 5,000. */
  readonly leaseMs?: number
}

/**
 * Events, rows and checkpoints in one PostgreSQL schema; a commit is one round trip. Several processes may open it,
 * and follow under one name: one of them tells, the others stand by. Faults: see `postgresFault`, and BAD_SCHEMA.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<EventStore> {
  const { database, clock, log = silentLog, pollMs = 250, leaseMs = 5000 } = options
  await migratePostgres({ ...options, part: 'store', migrations: storeMigrations })
  const parts = { ...options, schema: quoteSchema(options.schema), pollMs, leaseMs }
  await startLine(parts)
  const commit = prepareCommit(parts)
  const reading = prepareReading(parts)
  const sweeper = createSweeper({ ...parts, log })
  const feed = createFeedHub({ source: postgresFeed({ ...parts, wake: () => feed.wake() }), clock, log })
  const channel = `stoa ${options.schema}`
  let hearing: Disposable | undefined
  let closed = false

  function checkOpen(): void {
    if (closed) throw engineFault('STORE_UNAVAILABLE', 'The store is closed. Open it again.', CLOSED)
  }

  return {
    async load(stream, range) {
      checkOpen()
      return await reading.load(stream, checkStreamRange(stream, range))
    },
    async commit(transaction) {
      checkOpen()
      const prepared = prepareTransaction(transaction)
      sweeper.kick()
      const committed = await commit(prepared)
      if (committed.ok && prepared.appends.length > 0) {
        feed.wake()
        database.bell.ring(channel)
      }
      return committed
    },
    async follow(consumer, handle) {
      checkOpen()
      hearing ??= database.bell.hear(channel, feed.wake)
      return feed.follow(consumer, handle)
    },
    async get(key) {
      checkOpen()
      checkRowKey(key)
      return await reading.get(key)
    },
    async getMany(keys) {
      checkOpen()
      for (const key of keys) checkRowKey(key)
      return await reading.getMany(keys)
    },
    async query(query) {
      checkOpen()
      checkRowQuery(query)
      return await reading.query(query)
    },
    async [Symbol.asyncDispose]() {
      closed = true
      hearing?.[Symbol.dispose]()
      await feed[Symbol.asyncDispose]()
      await sweeper[Symbol.asyncDispose]()
    },
  }
}

const CLOSED = { engine: 'postgres', kind: 'closed' } as const

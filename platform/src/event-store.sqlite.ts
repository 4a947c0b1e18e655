import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Clock } from './clock.ts'
import { type Committed, type Conflict, type EventStore, rowName } from './event-store.ts'
import { type Log, silentLog } from './log.ts'
import { err, ok, type Result } from './result.ts'
import { sqliteFault } from './sqlite/fault.ts'
import { createGroupCommit } from './sqlite/group-commit.ts'
import { isMemory, openSqlite } from './sqlite/open.ts'
import { createFeedHub, type FeedHub } from './store/event-feed.ts'
import { type Positions, positionFeed } from './store/position-feed.ts'
import { type PreparedTransaction, prepareTransaction } from './store/prepared-transaction.ts'
import { prepareEvents, type SqliteEvents } from './store/sqlite/events.ts'
import { storeMigrations } from './store/sqlite/schema.ts'
import { prepareTables, type SqliteTables } from './store/sqlite/tables.ts'
import { checkStreamRange } from './store/store-limits.ts'

export interface SqliteStoreOptions {
  /** A file, made with its folder when missing, or `:memory:`. */
  readonly path: string
  readonly clock: Clock
  readonly log?: Log
  /** Refuse to grow beyond this many bytes. Default: as far as the disk goes. */
  readonly maxBytes?: number
}

/** How often another process's commits to the same file are looked for. */
const OTHERS_EVERY_MS = 250
const SWEEP_EVERY_MS = 60_000

/** One file, one writer at a time, many commits in one fsync. For faults see `openSqlite` and `sqliteFault`. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<EventStore> {
  const { path, clock, log = silentLog } = options
  const db = openSqlite({ ...options, migrations: storeMigrations })
  const events = prepareEvents(db)
  const tables = prepareTables(db)
  const group = createGroupCommit({ db, path, clock })
  const guard = guardFor(path)
  const positions: Positions = {
    checkpoint: (consumer) => guard(() => events.checkpoint(consumer)),
    read: (after, limit) => guard(() => events.read(after, limit)),
    save: (consumer, position) => group(() => events.save(consumer, position)),
  }
  const feed = createFeedHub({ source: positionFeed(positions), clock, log })
  const others = isMemory(path) ? undefined : watchOthers({ db, feed, clock })
  let nextSweep = clock.now()

  function apply(transaction: PreparedTransaction): Result<Committed, Conflict> {
    if (clock.now() >= nextSweep) {
      nextSweep = clock.now() + SWEEP_EVERY_MS
      tables.sweep(clock.now())
    }
    return applyTransaction({ events, tables }, transaction)
  }

  return {
    load: (stream, range) => guard(() => events.load(stream, checkStreamRange(stream, range))),
    async commit(transaction) {
      const prepared = prepareTransaction(transaction)
      const committed = await group(() => apply(prepared))
      if (committed.ok && prepared.appends.length > 0) feed.wake()
      return committed
    },
    follow: (consumer, handle) => guard(() => feed.follow(consumer, handle)),
    get: (key) => guard(() => tables.get(key)),
    getMany: (keys) => guard(() => keys.map(tables.get)),
    query: (query) => guard(() => tables.query(query)),
    async [Symbol.asyncDispose]() {
      others?.stop()
      await feed[Symbol.asyncDispose]()
      // Commits are answered in the order they came, so after this one none is waiting.
      await group(() => undefined).catch(() => undefined)
      if (db.isOpen) db.close()
    },
  }
}

/** Checks everything before it writes anything, so that a conflict has nothing to undo. */
function applyTransaction(
  { events, tables }: { readonly events: SqliteEvents; readonly tables: SqliteTables },
  transaction: PreparedTransaction,
): Result<Committed, Conflict> {
  const late = transaction.appends.filter((append) => events.head(append.stream) !== append.expectedVersion)
  const changed = transaction.rows.filter((row) => !tables.isAsExpected(row))
  const on = [...late.map((append) => append.stream), ...changed.map(rowName)]
  if (on.length > 0) return err({ code: 'CONFLICT', on })
  for (const append of transaction.appends) events.append(append)
  for (const row of transaction.rows) tables.write(row)
  return ok({ versions: transaction.appends.map((append) => append.expectedVersion + append.events.length) })
}

/** SQLite counts commits of other connections in `data_version`; a look costs a microsecond. */
function watchOthers(parts: { db: DatabaseSync; feed: FeedHub; clock: Clock }): { stop(): void } {
  const dataVersion = parts.db.prepare('PRAGMA data_version')
  let seen = version()
  let timer = parts.clock.schedule(parts.clock.now() + OTHERS_EVERY_MS, look)
  return { stop: () => timer.cancel() }

  function look(): void {
    timer = parts.clock.schedule(parts.clock.now() + OTHERS_EVERY_MS, look)
    if (parts.feed.followers === 0 || !parts.db.isOpen) return
    const now = version()
    if (now === undefined || now !== seen) parts.feed.wake()
    seen = now
  }

  /** Undefined when the file cannot be read: the feed then meets the same error and reports it. */
  function version(): SQLOutputValue | undefined {
    try {
      return dataVersion.get()?.['data_version']
    } catch {
      return undefined
    }
  }
}

function guardFor(path: string): <T>(read: () => T) => Promise<T> {
  return async (read) => {
    try {
      return read()
    } catch (reason) {
      throw sqliteFault(reason, path)
    }
  }
}

import type { DatabaseSync } from 'node:sqlite'
import type { Clock, Timer } from '../../clock.ts'
import { toFault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import { sqliteFault } from '../../sqlite/fault.ts'
import { createGroupCommit, type GroupCommit } from '../../sqlite/group-commit.ts'
import { isMemory, openSqlite } from '../../sqlite/open.ts'
import type { Adopted, BusLog, Lease } from '../bus-log.ts'
import { prepareSqliteConsumers, type SqliteConsumers } from './consumers.ts'
import { prepareSqliteDeadLetters } from './dead-letters.ts'
import { prepareSqliteEvents } from './events.ts'
import { prepareSqliteProgress } from './progress.ts'
import { busMigrations } from './schema.ts'

export interface SqliteLogOptions {
  readonly path: string
  readonly clock: Clock
  readonly log: Log
  readonly pollMs: number
  readonly leaseMs: number
  readonly maxBytes?: number
}

/** The log in one SQLite file that several processes may open. */
export function openSqliteBusLog(options: SqliteLogOptions): BusLog {
  const { path, clock, leaseMs } = options
  const db = openSqlite({ ...options, migrations: busMigrations })
  const progressDb = openProgress(db, options)
  const events = prepareSqliteEvents(db)
  const consumers = prepareSqliteConsumers(db)
  const letters = prepareSqliteDeadLetters(db)
  const save = prepareSqliteProgress(progressDb)
  const commit = createGroupCommit({ db, path, clock })
  const commitProgress = progressDb === db ? commit : createGroupCommit({ db: progressDb, path, clock })
  const read = readerOf(path)

  return {
    ...(isMemory(path) ? {} : { leaseMs }),
    append: async (batch) => await commit(() => events.append(batch)),
    read: async (range) => read(() => events.read(range)),
    at: async (position) => read(() => events.at(position)),
    last: async () => read(() => events.last()),
    claim: async (request) =>
      await commit(() => {
        const start = request.from === 'latest' ? events.last() : 0
        return consumers.claim(request, { start, expiresAt: request.now + leaseMs })
      }),
    renew: async (leases, expiresAt) =>
      await commit(() =>
        leases.filter((lease) => !consumers.renew(lease, expiresAt)).map(({ consumer }) => consumer),
      ),
    release: async (lease) => await commit(() => consumers.release(lease)),
    save: async (changes) => await commitProgress(() => save(changes)),
    adopt: async (leases) =>
      read(() => consumers.hasFresh()) ? await adopt({ commit, consumers }, leases) : new Map(),
    deadLetters: async (query) => read(() => letters.list(query)),
    redrive: async (query, run) => await commit(() => letters.redrive(query, run)),
    discard: async (query) => await commit(() => letters.discard(query)),
    addReplay: async (replay) => await commit(() => consumers.addReplay(replay)),
    consumers: async () => read(() => consumers.stored()),
    watch: (onChange) => watchOthers(db, options, onChange),
    [Symbol.asyncDispose]: async () => {
      if (progressDb !== db) progressDb.close()
      db.close()
    },
  }
}

/**
 * Progress has a connection of its own that does not wait for the disk: what a power cut takes from it is told
 * again, which consumers must bear anyway, and a later durable commit makes it durable too (one log, in order).
 */
function openProgress(db: DatabaseSync, options: SqliteLogOptions): DatabaseSync {
  if (isMemory(options.path)) return db
  const progressDb = openSqlite({ ...options, migrations: busMigrations })
  progressDb.exec('PRAGMA synchronous = NORMAL')
  return progressDb
}

async function adopt(
  parts: { readonly commit: GroupCommit; readonly consumers: SqliteConsumers },
  leases: readonly Lease[],
): Promise<ReadonlyMap<string, Adopted>> {
  return await parts.commit(() => {
    const adopted = new Map<string, Adopted>()
    for (const lease of leases) {
      const fresh = parts.consumers.takeFresh(lease)
      if (fresh) adopted.set(lease.consumer, fresh)
    }
    return adopted
  })
}

/** Every error on the way out is a fault. */
function readerOf(path: string): <T>(read: () => T) => T {
  return (read) => {
    try {
      return read()
    } catch (reason) {
      throw sqliteFault(reason, path)
    }
  }
}

/** https://www.sqlite.org/pragma.html#pragma_data_version changes when another connection has committed. */
function watchOthers(db: DatabaseSync, options: SqliteLogOptions, onChange: () => void): Disposable {
  const { clock, path, pollMs, log } = options
  if (isMemory(path)) return { [Symbol.dispose]: () => {} }
  const statement = db.prepare('PRAGMA data_version')
  const version = (): unknown => statement.get()?.['data_version']
  let known = version()
  let timer = arm()
  let stopped = false

  function arm(): Timer {
    return clock.schedule(clock.now() + pollMs, poll)
  }

  function poll(): void {
    // A virtual clock that jumps by hours should find one look in its way and not a million.
    queueMicrotask(() => {
      if (!stopped) timer = arm()
    })
    try {
      const found = version()
      if (found === known) return
      known = found
      onChange()
    } catch (reason) {
      log.error({ code: toFault(reason).code }, 'The event log cannot be watched; trying again.')
    }
  }

  return {
    [Symbol.dispose]: () => {
      stopped = true
      timer.cancel()
    },
  }
}

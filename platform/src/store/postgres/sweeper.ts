import type { Clock } from '../../clock.ts'
import { toFault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import type { Postgres } from '../../postgres/open.ts'

/** Deletes what has expired, a bounded number at a time, beside the work and never in its way. */
export interface Sweeper extends AsyncDisposable {
  /** Sweeps when it is time to. */
  kick(): void
}

interface SweeperParts {
  readonly database: Postgres
  /** Quoted. */
  readonly schema: string
  readonly clock: Clock
  readonly log: Log
}

const EVERY_MS = 60_000
const SWEPT_AT_ONCE = 500

export function createSweeper({ database, schema, clock, log }: SweeperParts): Sweeper {
  let next = clock.now() + EVERY_MS
  let running: Promise<void> | undefined

  // Rows that somebody is just writing are left for later.
  const rows = `
    DELETE FROM ${schema}.rows WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${schema}.rows WHERE expires_at <= $1 LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`
  // Longer than any commit is tried.
  const commits = `
    DELETE FROM ${schema}.commits WHERE token IN (
      SELECT token FROM ${schema}.commits WHERE at < now() - interval '1 hour' LIMIT ${SWEPT_AT_ONCE * 20})`

  async function sweep(): Promise<void> {
    try {
      await database.run({ text: rows }, [clock.now()])
      await database.run({ text: commits })
    } catch (reason) {
      log.warn({ code: toFault(reason).code }, 'expired rows could not be deleted; trying again in a minute')
    }
    running = undefined
  }

  return {
    kick() {
      if (running || clock.now() < next) return
      next = clock.now() + EVERY_MS
      running = sweep()
    },
    async [Symbol.asyncDispose]() {
      await running
    },
  }
}

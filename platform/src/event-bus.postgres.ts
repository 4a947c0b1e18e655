import { createBus } from './bus/create-bus.ts'
import { createPostgresLog } from './bus/postgres/log.ts'
import { busMigrations } from './bus/postgres/schema.ts'
import type { Clock } from './clock.ts'
import type { EventBus } from './event-bus.ts'
import type { Log } from './log.ts'
import { migratePostgres, quoteSchema } from './postgres/migrate.ts'
import type { Postgres } from './postgres/open.ts'
import type { Random } from './random.ts'

export interface PostgresBusOptions {
  /** Belongs to the caller, who closes it after the bus. */
  readonly database: Postgres
  /** The PostgreSQL schema with the tables of the bus, made when missing. Default `bus`. */
  readonly schema?: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How often others' changes are looked for without being called, in milliseconds. Default 500. */
  readonly pollMs?: number
  /** After this long without a sign of life a consumer may be taken over, in milliseconds. Default 5,000. */
  readonly leaseMs?: number
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
}

/**
 * The bus in one PostgreSQL schema, for as many processes as open it: log, cursors, waiting events, dead letters.
 * Faults: see `postgresFault`, and BAD_SCHEMA.
 */
export async function openPostgresBus(options: PostgresBusOptions): Promise<EventBus> {
  const { schema = 'bus', pollMs = 500, leaseMs = 5000 } = options
  await migratePostgres({ ...options, schema, part: 'bus', migrations: busMigrations })
  const parts = { ...options, schema: quoteSchema(schema), channel: `stoa ${schema}`, pollMs, leaseMs }
  return createBus({ ...options, store: createPostgresLog(parts) })
}

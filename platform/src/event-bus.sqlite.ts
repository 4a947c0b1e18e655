import { createBus } from './bus/create-bus.ts'
import { openSqliteBusLog } from './bus/sqlite/log.ts'
import type { Clock } from './clock.ts'
import type { EventBus } from './event-bus.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'

export interface SqliteBusOptions {
  /** A file of the bus's own, made with its folder when missing, or `:memory:`. Several processes may open one file. */
  readonly path: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How often other processes' commits to the file are looked for, in milliseconds. Default 20. */
  readonly pollMs?: number
  /** After this long without a sign of life a consumer may be taken over, in milliseconds. Default 2,000. */
  readonly leaseMs?: number
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
  /** Refuse to grow beyond this many bytes. Default: as far as the disk goes. */
  readonly maxBytes?: number
}

/** A bus that survives: log, cursors, waiting events and dead letters in one SQLite file. For faults see `openSqlite`. */
export function openSqliteBus(options: SqliteBusOptions): EventBus {
  const { pollMs = 20, leaseMs = 2000 } = options
  return createBus({ ...options, store: openSqliteBusLog({ ...options, pollMs, leaseMs }) })
}

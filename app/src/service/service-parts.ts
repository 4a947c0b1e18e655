import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import type { Engines } from '../engines.ts'

/** What every service is made from besides its configuration. */
export interface ServiceTools {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly engines: Engines
  readonly env: Env
}

/** A service that answers requests. Closing it lets those under way end. */
export interface RunningService extends AsyncDisposable {
  /** Without a path. */
  readonly url: string
}

import { join } from 'node:path'
import type { Clock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import { openSqliteBus } from '@stoa/platform/event-bus.sqlite'
import type { EventStore } from '@stoa/platform/event-store'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'

/** The engines of one process: a store per subgraph, and the bus between them. */
export interface Engines extends AsyncDisposable {
  store(name: string): Promise<EventStore>
  bus(): Promise<EventBus>
  /** What subgraphs that have an engine of their own read about it. */
  readonly env: Env
}

export interface EngineParts {
  /** Where the databases lie; absent: in memory. */
  readonly folder?: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** The embedded stack: SQLite for everything, nothing to install. */
export function embeddedEngines(parts: EngineParts): Engines {
  const path = (name: string): string =>
    parts.folder === undefined ? ':memory:' : join(parts.folder, `${name}.sqlite`)
  const { clock, random, log } = parts
  return {
    store: async (name) =>
      await openSqliteStore({ path: path(name), clock, log: log.child({ store: name }) }),
    bus: async () =>
      await openSqliteBus({ path: path('bus'), clock, random, log: log.child({ part: 'bus' }) }),
    env: {},
    [Symbol.asyncDispose]: async () => {},
  }
}

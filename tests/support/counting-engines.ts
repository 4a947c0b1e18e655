import { type Engines, embeddedEngines } from '@stoa/app/engines'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'

/** The embedded engines, with every read of a store counted by the subgraph that made it. */
export interface CountingEngines extends Engines {
  readonly reads: Map<string, number>
}

export function countingEngines(): CountingEngines {
  const engines = embeddedEngines({ clock: systemClock, random: systemRandom, log: silentLog })
  const reads = new Map<string, number>()
  return {
    ...engines,
    reads,
    async store(name) {
      const store = await engines.store(name)
      const count = (): void => void reads.set(name, (reads.get(name) ?? 0) + 1)
      return counting(store, count)
    },
  }
}

function counting(store: EventStore, count: () => void): EventStore {
  return {
    ...store,
    get(key) {
      count()
      return store.get(key)
    },
    getMany(keys) {
      count()
      return store.getMany(keys)
    },
    query(query) {
      count()
      return store.query(query)
    },
    load(stream, range) {
      count()
      return store.load(stream, range)
    },
  }
}

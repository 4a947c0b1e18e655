import { describe } from '@jest/globals'
import { systemClock } from './clock.ts'
import { openMemoryStore } from './event-store.memory.ts'
import { openSqliteStore } from './event-store.sqlite.ts'
import type { EventStore } from './event-store.ts'
import { shardedCounterContract } from './sharded-counter.contract.ts'

const engines: readonly (readonly [string, () => Promise<EventStore>])[] = [
  ['in memory', async () => openMemoryStore({ clock: systemClock })],
  ['in SQLite', () => openSqliteStore({ clock: systemClock, path: ':memory:' })],
]

describe.each(engines)('%s', (_, openStore) => {
  shardedCounterContract({
    runs: 60,
    shoppers: 100,
    async open() {
      const store = await openStore()
      return { store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
    },
  })
})

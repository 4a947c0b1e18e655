import { describe } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { openSqliteStore } from '@stoa/platform/event-store.sqlite'
import { spreadSkuContract } from './spread-sku.contract.ts'

const engines: readonly (readonly [string, () => Promise<EventStore>])[] = [
  ['in memory', async () => openMemoryStore({ clock: systemClock })],
  ['in SQLite', () => openSqliteStore({ clock: systemClock, path: ':memory:' })],
]

describe.each(engines)('%s', (_, open) => {
  spreadSkuContract({ open, runs: 40, shoppers: 120 })
})

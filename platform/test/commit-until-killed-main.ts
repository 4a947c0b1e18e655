import { writeSync } from 'node:fs'
import { systemClock } from '../src/clock.ts'
import { openSqliteStore } from '../src/event-store.sqlite.ts'

// Commits for ever and prints each stream's version as soon as the store has acknowledged it; ends by being killed.
const store = await openSqliteStore({ path: String(process.argv[2]), clock: systemClock })

async function write(stream: string): Promise<never> {
  for (let version = 0; ; version++) {
    const id = `${stream}-${version + 1}`
    const event = {
      id,
      type: 'StockCounted',
      at: systemClock.now(),
      data: { id },
      meta: { correlationId: 'C' },
    }
    const committed = await store.commit({
      appends: [{ stream, expectedVersion: version, events: [event] }],
      rows: [{ table: 't', partition: 'p', sort: id, value: { id }, expect: 'absent' }],
    })
    if (!committed.ok) throw new Error(`Nobody else writes ${stream}.`)
    writeSync(1, `${id}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, i) => write(`s${i}`)))

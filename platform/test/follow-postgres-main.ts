import { writeSync } from 'node:fs'
import { systemClock } from '../src/clock.ts'
import { openPostgresStore } from '../src/event-store.postgres.ts'
import { silentLog } from '../src/log.ts'
import { openPostgres } from '../src/postgres/open.ts'
import { systemRandom } from '../src/random.ts'

// Follows a store as "relay" and prints what it is told: `stream@version`, one a line; ends by being killed.
const [url = '', schema = '', leaseMs = ''] = process.argv.slice(2)
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const database = openPostgres({ ...ports, url })
const store = await openPostgresStore({ ...ports, database, schema, leaseMs: Number(leaseMs) })
await store.follow('relay', async (events) => {
  for (const { stream, version } of events) writeSync(1, `${stream}@${version}\n`)
})
setInterval(() => {}, 1000)

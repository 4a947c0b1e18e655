import { systemClock } from '../src/clock.ts'
import { openPostgresBus } from '../src/event-bus.postgres.ts'
import { silentLog } from '../src/log.ts'
import { openPostgres } from '../src/postgres/open.ts'
import { systemRandom } from '../src/random.ts'
import { serveUntilKilled } from './serve-until-killed.ts'

const [url = '', schema = ''] = process.argv.slice(2)
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const bus = await openPostgresBus({
  ...ports,
  database: openPostgres({ ...ports, url }),
  schema,
  leaseMs: 300,
})
await serveUntilKilled(bus, 1)

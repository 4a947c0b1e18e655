import { systemClock } from '../src/clock.ts'
import { openPostgresBus } from '../src/event-bus.postgres.ts'
import { silentLog } from '../src/log.ts'
import { openPostgres } from '../src/postgres-open.ts'
import { systemRandom } from '../src/random.ts'

// Serves one consumer on the bus in the schema that is named, and says which events it has handled; every ninth
// fails the first time. Ends only by being killed.
const [url = '', schema = ''] = process.argv.slice(2)
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const bus = await openPostgresBus({
  ...ports,
  database: openPostgres({ ...ports, url }),
  schema,
  leaseMs: 300,
})
await bus.subscribe({
  name: 'orders.worker',
  pattern: { source: ['orders'] },
  concurrency: 8,
  retry: { baseMs: 20, capMs: 20 },
  async handle(event, { attempt }) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (attempt === 1 && event.version % 9 === 0) throw new Error('the first time')
    process.stdout.write(`${event.id}\n`)
  },
})
setInterval(() => {}, 1000)

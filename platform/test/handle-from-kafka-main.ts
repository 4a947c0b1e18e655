import { systemClock } from '../src/clock.ts'
import { openKafkaBus } from '../src/event-bus.kafka.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'
import { quickKafka } from './quick-kafka.ts'

// Serves one consumer on the Kafka bus that is named, and says which events it has handled; every ninth fails the
// first time. Ends only by being killed.
const [broker = '', prefix = ''] = process.argv.slice(2)
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const bus = await openKafkaBus({ ...ports, ...quickKafka, brokers: [broker], prefix })
await bus.subscribe({
  name: 'orders.worker',
  pattern: { source: ['orders'] },
  concurrency: 8,
  retry: { baseMs: 20, capMs: 20 },
  async handle(event, { attempt }) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (attempt === 1 && event.version % 9 === 0) throw new Error('the first time')
    process.stdout.write(`${event.id}\n`)
  },
})
process.stdout.write('serving\n')
setInterval(() => {}, 1000)

import { systemClock } from '../src/clock.ts'
import { openEventBridgeBus } from '../src/event-bus.eventbridge.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'
import { awsClients } from './aws-bench.ts'

// Serves one consumer of the bus that is named, at the endpoints that are named, and says which events it has handled;
// every ninth fails the first time. Ends only by being killed.
const [name = '', moto = '', dynamodb = ''] = process.argv.slice(2)
const bus = openEventBridgeBus({
  name,
  clients: awsClients({ moto, dynamodb }),
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  graceMs: 3000,
  sweepEveryMs: 500,
  leaseMs: 1500,
  waitSeconds: 1,
  shards: 1,
})
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
setInterval(() => {}, 1000)

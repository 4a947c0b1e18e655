import { systemClock } from '../src/clock.ts'
import { openEventBridgeBus } from '../src/event-bus.eventbridge.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'
import { awsClients } from './aws-bench.ts'
import { serveUntilKilled } from './serve-until-killed.ts'

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
await serveUntilKilled(bus, 5)

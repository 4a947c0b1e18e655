import { systemClock } from '../src/clock.ts'
import { openEventBridgeBus } from '../src/event-bus.eventbridge.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'
import { awsClients } from './aws-bench.ts'
import { customBusAt } from './custom-bus-simulator.ts'
import { serveUntilKilled } from './serve-until-killed.ts'

const [name = '', moto = '', dynamodb = '', custom] = process.argv.slice(2)
const clients = awsClients({ moto, dynamodb })
const bus = openEventBridgeBus({
  name,
  clients,
  ...(custom === undefined ? {} : { custom: customBusAt(custom) }),
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

import { systemClock } from '../src/clock.ts'
import { openKafkaBus } from '../src/event-bus.kafka.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'
import { quickKafka } from './quick-kafka.ts'
import { serveUntilKilled } from './serve-until-killed.ts'

const [broker = '', prefix = ''] = process.argv.slice(2)
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const bus = await openKafkaBus({ ...ports, ...quickKafka, brokers: [broker], prefix })
await serveUntilKilled(bus, 5)
process.stdout.write('serving\n')

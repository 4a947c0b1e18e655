import { systemClock } from '../src/clock.ts'
import { openSqliteBus } from '../src/event-bus.sqlite.ts'
import { silentLog } from '../src/log.ts'
import { systemRandom } from '../src/random.ts'
import { serveUntilKilled } from './serve-until-killed.ts'

const [path = ''] = process.argv.slice(2)
const bus = openSqliteBus({ path, clock: systemClock, random: systemRandom, log: silentLog, leaseMs: 300 })
await serveUntilKilled(bus, 1)

import { setTimeout as wait } from 'node:timers/promises'
import { createGateway, type SharedPlans, type SubgraphClient } from '@stoa/gateway/gateway'
import { defaultLimits } from '@stoa/gateway/limits'
import { openRedisPlans } from '@stoa/gateway/shared-plans.redis'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { defaultMarket, markets } from '@stoa/platform/market'
import { systemRandom } from '@stoa/platform/random'
import { isSetName, openSet, type ToAsk } from './documents.ts'

// A gateway in a process of its own, asked for documents that it has never seen, one after another. Tells its parent
// `ready`, waits for a word, and then tells how long each took. Run by main.ts.

const [name, url] = process.argv.slice(2)
if (!isSetName(name)) throw new Error(`Expected the name of a set of documents, got ${name}.`)
const { supergraph, warm, cold } = openSet(name)
const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const uses = { hits: 0, writes: 0 }
let asked = 0

const NOTHING = { data: null, errors: [{ message: 'Nothing.', extensions: { code: 'NOTHING' } }] }
const bytes = Buffer.from(JSON.stringify(NOTHING))
/** What is measured is documents, not answers. */
const client: SubgraphClient = {
  async execute() {
    asked += 1
    return NOTHING
  },
  async exchange() {
    asked += 1
    return bytes
  },
}
const names = [...supergraph.matchAll(/@join__graph\(name: "([^"]+)"/g)].flatMap(([, named]) => named ?? [])
// Waits as long as it takes: what is measured is Redis, not how busy this machine is with other things.
const plans = url ? openRedisPlans({ ...ports, url, secret: 's'.repeat(32), patienceMs: 2_000 }) : undefined
const gateway = createGateway({
  ...{ ...ports, supergraph, markets, defaultMarket },
  subgraphs: new Map(names.map((named) => [named, client])),
  limits: { adHoc: defaultLimits.trusted },
  isolatePlanner: true,
  ...(plans && { sharedPlans: watched(plans) }),
})
if (plans) await untilConnected(plans)
for (const document of warm) await ask(document)
Object.assign(uses, { hits: 0, writes: 0 })
process.on('message', () => void measure())
process.send?.({ type: 'ready' })

async function measure(): Promise<void> {
  const times: number[] = []
  for (const document of cold) times.push(await ask(document))
  process.send?.({ type: 'done', times, ...uses })
}

async function ask(document: ToAsk): Promise<number> {
  const before = asked
  const start = performance.now()
  const { json } = await gateway.execute(document)
  const ms = performance.now() - start
  // Its plan was run, as far as that goes without answers.
  if (asked === before) throw new Error(`Nobody was asked for ${document.query}: ${json.slice(0, 300)}`)
  return ms
}

function watched({ cache, ...rest }: SharedPlans): SharedPlans {
  return {
    ...rest,
    cache: {
      async get(key, read) {
        const value = await cache.get(key, read)
        if (value !== undefined) uses.hits += 1
        return value
      },
      async set(key, value) {
        await cache.set(key, value)
        uses.writes += 1
      },
    },
  }
}

async function untilConnected({ cache }: SharedPlans): Promise<void> {
  while ((await cache.get('connected', (value) => value)) === undefined) {
    await cache.set('connected', 'yes')
    await wait(20)
  }
}

import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { createGateway, type SubgraphClient } from '@stoa/gateway/gateway'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { composeGraph, readQuery } from './gateway/graph.ts'
import { createSubgraphAnswers, type SubgraphQuestion } from './gateway/subgraph-answers.ts'

// A hot operation at a steady rate while thousands of documents come that were never seen before, one in twenty as
// complex as the limits allow. Is the hot one still answered from what was prepared, how late, and for how long does
// nobody else have a turn? Run: node bench/src/flood.ts [documents]

const [documents = 3_000] = process.argv.slice(2).map(Number)
const HOT_EVERY_MS = 20
const CLIENTS = 10
const QUIET_MS = 4_000
/** As far as the limits of documents go. */
const LIMITS: readonly ((i: number) => string)[] = [deep, wide, aliased]

const hot = readQuery('heavy')
/** Nothing it asks for is asked for by the hot one, too. */
const likeHot = hot.replace('users {', 'u: users {').replace('topProducts(', 't: topProducts(')
const answers = new Map<string, Buffer>()
/** Generated functions ask in bytes, the walk in objects: a hot operation that was forgotten is walked at first. */
let walked = 0

const clients = [...createSubgraphAnswers()].map(([name, answer]): [string, SubgraphClient] => {
  const ask = async (question: SubgraphQuestion): Promise<Buffer> => {
    const key = name + JSON.stringify([question.query, question.variables ?? {}])
    const known = answers.get(key)
    if (known || isFlooded) return known ?? NOTHING
    const answered = Buffer.from(JSON.stringify(await answer(question)))
    answers.set(key, answered)
    return answered
  }
  const execute: SubgraphClient['execute'] = async (question) => {
    const answered = await ask(question)
    if (answered !== NOTHING) walked += 1
    return JSON.parse(answered.toString())
  }
  return [name, { execute, exchange: ({ body }) => ask(JSON.parse(body)) }]
})
const NOTHING = Buffer.from('{"data":null,"errors":[{"message":"Nothing.","extensions":{"code":"NOTHING"}}]}')
let isFlooded = false

const { supergraph } = composeGraph(new Map())
await using gateway = createGateway({
  ...{ supergraph, subgraphs: new Map(clients), clock: systemClock, random: systemRandom, log: silentLog },
})
for (let i = 0; i < 300; i += 1) await askHot()
// From here on nothing is told to whoever is not hot: what is measured is documents, not answers.
isFlooded = true
// The functions of the gateway that make documents ready are warm in a gateway that has run for a while.
for (let i = 0; i < 200; i += 1) await gateway.execute({ query: flooding(documents + i) })
await wait(500)

walked = 0
const idle = await measure(() => wait(QUIET_MS))
const codes: Record<string, number> = {}
const flood = await measure(sendAll)
const figures = {
  documents,
  documentsPerSecond: Math.round(documents / (flood.ms / 1_000)),
  hotRequests: flood.hot,
  hotForgotten: walked,
  ...{ idleP50Ms: idle.p50, idleP99Ms: idle.p99, floodP50Ms: flood.p50, floodP99Ms: flood.p99 },
  ...{ idleLongestBlockMs: idle.block, longestBlockMs: flood.block, block99Ms: flood.block99 },
  ...{ idleLongestWorkMs: idle.work, longestWorkMs: flood.work, work99Ms: flood.work99 },
}
process.stderr.write(`${JSON.stringify(codes)}\n`)
process.stdout.write(`${JSON.stringify({ name: 'flood', figures })}\n`)

interface Measured {
  readonly ms: number
  readonly hot: number
  readonly p50: number
  readonly p99: number
  /** The longest time without a turn, and that of which 99 % of all turns stay below. */
  readonly block: number
  readonly block99: number
  /** The same in CPU of this thread: without the time in which others had the core. */
  readonly work: number
  readonly work99: number
}

async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const latencies: number[] = []
  const blocks: number[] = []
  const works: number[] = []
  const begin = performance.now()
  let last = begin
  let worked = cpuMs()
  const ticking = setInterval(() => {
    const now = performance.now()
    const cpu = cpuMs()
    blocks.push(now - last - 1)
    works.push(cpu - worked)
    last = now
    worked = cpu
  }, 1)
  let due = begin
  const asking = setInterval(() => {
    // Those that could not be sent in time are late from the moment they were due.
    for (; due <= performance.now(); due += HOT_EVERY_MS) void askHot(due).then((ms) => latencies.push(ms))
  }, 1)
  await work()
  clearInterval(asking)
  clearInterval(ticking)
  await wait(200)
  const ms = performance.now() - begin
  const at = (list: readonly number[], share: number): number =>
    Math.round((list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * share)] ?? 0) * 100) / 100
  return {
    ...{ ms, hot: latencies.length, p50: at(latencies, 0.5), p99: at(latencies, 0.99) },
    ...{ block: at(blocks, 1), block99: at(blocks, 0.99), work: at(works, 1), work99: at(works, 0.99) },
  }
}

/** Of this thread alone. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

async function askHot(due = performance.now()): Promise<number> {
  const { json } = await gateway.execute({ query: hot })
  if (json.includes('"errors"')) throw new Error(`The hot operation failed: ${json.slice(0, 200)}`)
  return performance.now() - due
}

async function sendAll(): Promise<void> {
  let next = 0
  const client = async (): Promise<void> => {
    for (let i = next++; i < documents; i = next++) {
      const { json } = await gateway.execute({ query: flooding(i) })
      const code = String(JSON.parse(json).errors?.[0]?.extensions.code ?? 'run')
      codes[code] = (codes[code] ?? 0) + 1
      // Requests come in turns of their own.
      await turn()
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

/** Of twenty documents sixteen are small, three like the hot one, and one is at a limit. */
function flooding(i: number): string {
  const kind = i % 20
  if (kind < 16)
    return `query Q${i} { a${kind}: topProducts(first: ${kind + 1}) { upc name reviews { id } } }`
  if (kind < 19) return likeHot.replace('Heavy', `Heavy${i}`)
  return (LIMITS[Math.floor(i / 20) % LIMITS.length] ?? deep)(i)
}

/** Nearly a thousand tokens, through all four subgraphs. */
function deep(i: number): string {
  const roots = Array.from({ length: 18 }, (_, k) => `a${k}: topProducts(first: ${k + 1}) { upc ${hops(2)} }`)
  return `query Q${i} { ${roots.join(' ')} }`
}

function hops(count: number): string {
  if (count === 0) return 'weight'
  const product = `product { name price inStock shippingEstimate ${hops(count - 1)} }`
  return `reviews { id body author { username reviews { ${product} } } }`
}

/** One fragment in twenty places. */
function wide(i: number): string {
  const roots = Array.from({ length: 20 }, (_, k) => `a${k}: topProducts(first: ${k + 1}) { ...P }`)
  const inner = 'reviews { id author { username birthday reviews { id product { name price weight } } } }'
  return `query Q${i} { ${roots.join(' ')} } fragment P on Product { upc name reviews { id author { id name reviews { body product { shippingEstimate inStock ${inner} } } } } }`
}

/** Ninety aliases side by side. */
function aliased(i: number): string {
  const fields = Array.from({ length: 90 }, (_, k) => `a${k}: reviews { product { name } }`)
  return `query Q${i} { users { ${fields.join(' ')} } }`
}

// A thousand supergraphs taken one after another, with requests between them: does memory stay flat?
// `node --expose-gc gateway/test/reload-proof.ts [reloads] [warm-up]`; the last line is JSON.
import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { createGateway } from '../src/gateway.ts'
import { composed, openPart } from './fixture.ts'
import { shop } from './small-shop.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const [reloads = 1_000, warmUp = 100] = positionals.map(Number)
const queries = Array.from(
  { length: 20 },
  (_, i) => `{ a${i}: products { name reviews(first: 1) { text } } }`,
)

await using catalog = await openPart('catalog', shop.catalog)
await using reviews = await openPart('reviews', shop.reviews)
const subgraphs = new Map(Object.entries({ catalog, reviews }))
const supergraph = composed(shop)
await using gateway = createGateway({
  ...{ supergraph, subgraphs, clock: systemClock, random: systemRandom, log: silentLog },
})

let before: Memory | undefined
let slowest = 0
for (let i = 1; i <= reloads; i++) {
  const [answers, ms] = await Promise.all([askAll(), reload(i)])
  if (answers.some(({ json }) => json.includes('"errors"'))) throw new Error('a request failed')
  if (i > warmUp) slowest = Math.max(slowest, ms)
  if (i === warmUp) before = await measure()
  if (i % 100 === 0) process.stdout.write(`${i} ${JSON.stringify(await measure())}\n`)
}
const after = await measure()
const facts = { reloads, warm_up: warmUp, before, after, slowest_reload_ms: Math.round(slowest) }
const grown = before && Math.round((after.heap_mb / before.heap_mb - 1) * 1000) / 10
process.stdout.write(`${JSON.stringify({ proof: 'reloads', ...facts, heap_growth_percent: grown })}\n`)

function askAll(): Promise<Awaited<ReturnType<typeof gateway.execute>>[]> {
  return Promise.all(queries.map((query) => gateway.execute({ query })))
}

/** Each supergraph is another text, so that nothing can be kept by it. */
async function reload(i: number): Promise<number> {
  const start = performance.now()
  await gateway.reload(`${supergraph}\n# ${i}\n`)
  return performance.now() - start
}

interface Memory {
  readonly heap_mb: number
  readonly external_mb: number
  readonly rss_mb: number
}

/** What native code holds goes when its JavaScript objects are finalised: after the collection, in a turn of its own. */
async function measure(): Promise<Memory> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await setImmediate()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const megabytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10
  return { heap_mb: megabytes(heapUsed), external_mb: megabytes(external), rss_mb: megabytes(rss) }
}

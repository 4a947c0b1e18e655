import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { AffinityGraph } from '@stoa/recommendation/affinity-graph'
import { openNeptuneAffinityGraph } from '@stoa/recommendation/affinity-graph.neptune'
import { connectGremlin } from '@stoa/recommendation/gremlin-connection'
import { withRetries } from '@stoa/recommendation/gremlin-retries'
import { startGremlin } from '@stoa/servers/gremlin'
import gremlin from 'gremlin'
import { EDGES_EACH, PRODUCTS, productOf, writeGraph } from './neptune-graph.ts'
import { measureInTransactions, measureOrderSizes } from './neptune-orders.ts'
import { quantile } from './quantile.ts'

const FIRST = 10
const READS = 1_000
const WARM_UP = 400
const ORDERS = 500
const ports = { clock: systemClock, random: systemRandom, log: silentLog }

/**
 * One hop at a million edges on Gremlin Server, behind our port and by the library's own client, in turns; many at
 * once; orders taken in by a graph with transactions, empty at first, each with three products of a hot shop; and
 * orders of 2 to 50 products, into the million edges and, in transactions, into a hundred thousand.
 */
export async function measureNeptune(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-graph-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true }))
  await writeGraph(folder)
  const began = performance.now()
  const server = stack.use(await startGremlin({ load: folder, others: 1, heapMb: 3_000 }))
  const loadSeconds = (performance.now() - began) / 1000
  const open = (source: string): AffinityGraph => {
    const connection = withRetries(connectGremlin({ ...ports, url: server.endpoint, source }), ports)
    return stack.use(openNeptuneAffinityGraph({ ...ports, connection }))
  }
  const graph = open('g')
  const client = new gremlin.driver.DriverRemoteConnection(server.endpoint)
  stack.defer(() => client.close())
  const oneHop = await inTurns(readOurs(graph), readBare(client))
  return {
    neptuneEdges: PRODUCTS * EDGES_EACH,
    neptuneServerStartSeconds: round(loadSeconds),
    neptuneOneHopMsP50: quantile(oneHop.ours, 0.5),
    neptuneOneHopMsP99: quantile(oneHop.ours, 0.99),
    neptuneBareOneHopMsP50: quantile(oneHop.bare, 0.5),
    neptuneBareOneHopMsP99: quantile(oneHop.bare, 0.99),
    // By medians: the mean of few thousand calls is a matter of the garbage collector.
    neptuneOneHopOverheadPercent: round((quantile(oneHop.ours, 0.5) / quantile(oneHop.bare, 0.5) - 1) * 100),
    neptuneReadsPerSecond: await readMany(graph),
    ...(await measureOrders(open('other1'))),
    // Last, as it makes some lists longer.
    ...(await measureOrderSizes(graph, { products: PRODUCTS }, 'neptuneMillion')),
    ...(await measureInTransactions()),
  }
}

type Read = (index: number) => Promise<void>

/** In turns, so that both suffer alike from whatever else the machine does. */
async function inTurns(
  ours: Read,
  bare: Read,
): Promise<{ readonly ours: number[]; readonly bare: number[] }> {
  const times = { ours: [] as number[], bare: [] as number[] }
  for (let i = 0; i < WARM_UP + READS; i++) {
    const [first, second] = i % 2 === 0 ? ([ours, bare] as const) : ([bare, ours] as const)
    const [a, b] = [await time(() => first(i * 13)), await time(() => second(i * 13))]
    if (i < WARM_UP) continue
    times.ours.push(i % 2 === 0 ? a : b)
    times.bare.push(i % 2 === 0 ? b : a)
  }
  return times
}

function readOurs(graph: AffinityGraph): Read {
  return async (index) => {
    const [neighbours] = await graph.neighbours([productOf(index)], FIRST)
    if (neighbours?.length !== FIRST)
      throw new Error(`Expected ${FIRST} neighbours, got ${neighbours?.length}.`)
  }
}

/** The same traversal by hand, and the same shape out of it. */
function readBare(client: InstanceType<typeof gremlin.driver.DriverRemoteConnection>): Read {
  const { statics: __, t, order, traversal } = gremlin.process
  const g = traversal().withRemote(client)
  return async (index) => {
    const strongest = () => __.outE('alsoBought').order().by('weight', order.desc).by(t.id).limit(FIRST)
    const found: unknown = await g
      .V(`product/${productOf(index)}`)
      .project('id', 'edges', 'weights')
      .by(t.id)
      .by(strongest().id().fold())
      .by(strongest().values('weight').fold())
      .toList()
    const [row] = Array.isArray(found) ? found : []
    if (row?.get('weights').length !== FIRST) throw new Error(`Expected ${FIRST} neighbours.`)
  }
}

async function readMany(graph: AffinityGraph): Promise<number> {
  const read = readOurs(graph)
  return await rate(READS, 32, (index) => read(index * 17))
}

async function measureOrders(graph: AffinityGraph): Promise<Readonly<Record<string, number>>> {
  const orderOf = (name: string, index: number) => ({
    orderId: `O-${name}-${index}`,
    customerId: `CU-${index % 100}`,
    productIds: [productOf(index % 50), productOf(index * 7), productOf(index * 11 + 3)],
    at: Date.UTC(2026, 10, 21) + index,
  })
  let fresh = 0
  const record = async (name: string, index: number): Promise<void> => {
    const counted = await graph.record([orderOf(name, index)])
    fresh += counted
  }
  await rate(ORDERS / 2, 32, (index) => record('warm', index))
  const perSecond = await rate(ORDERS, 32, (index) => record('many', index))
  const alone: number[] = []
  for (let i = 0; i < ORDERS / 5; i++) alone.push(await time(() => record('alone', i)))
  if (fresh !== ORDERS * 1.7) throw new Error(`Expected ${ORDERS * 1.7} new orders, got ${fresh}.`)
  return {
    neptuneOrdersPerSecond: perSecond,
    neptuneOrderMsP50: quantile(alone, 0.5),
    neptuneOrderMsP99: quantile(alone, 0.99),
  }
}

async function rate(count: number, atOnce: number, run: (index: number) => Promise<void>): Promise<number> {
  const start = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return Math.round((count / (performance.now() - start)) * 1000)
}

async function time(run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

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
import { type GraphSize, writeGraph } from './neptune-graph.ts'
import { quantile } from './quantile.ts'

/** Products of an order, and how many such orders are timed; as many before them warm up. */
const SIZES = [
  [2, 100],
  [5, 100],
  [20, 50],
  [50, 50],
] as const
const ports = { clock: systemClock, random: systemRandom, log: silentLog }

/** Orders into a graph of its own, with transactions and a hundred thousand edges. */
export async function measureInTransactions(): Promise<Record<string, number>> {
  const size: GraphSize = { products: 10_000, edgesEach: 10 }
  const folder = await mkdtemp(join(tmpdir(), 'stoa-bench-orders-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true }))
  await writeGraph(folder, size)
  const server = stack.use(await startGremlin({ load: folder, transactions: true, heapMb: 2_000 }))
  const connection = withRetries(connectGremlin({ ...ports, url: server.endpoint }), ports)
  const graph = stack.use(openNeptuneAffinityGraph({ ...ports, connection }))
  return await measureOrderSizes(graph, size, 'neptune')
}

/**
 * Orders one after the other, into a graph that has edges already. An order of n products touches n(n-1) `alsoBought`
 * edges and 2n others; no two orders share a product, so nearly all of them are new, which costs most.
 */
export async function measureOrderSizes(
  graph: AffinityGraph,
  { products }: Pick<GraphSize, 'products'>,
  name: string,
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {}
  let used = 0
  for (const [size, count] of SIZES) {
    const orders = Array.from({ length: 2 * count }, (_, index) => orderOf(used + index * size, size))
    used += 2 * count * size
    if (used > products) throw new Error(`Expected ${used} products, got ${products}.`)
    const times = (await recordAll(graph, orders)).slice(count)
    figures[`${name}OrderOf${size}MsP50`] = quantile(times, 0.5)
    figures[`${name}OrderOf${size}MsP99`] = quantile(times, 0.99)
  }
  return figures
}

type Order = Parameters<AffinityGraph['record']>[0][number]

function orderOf(from: number, size: number): Order {
  return {
    orderId: `O-${from}`,
    customerId: `CU-${from % 100}`,
    productIds: Array.from({ length: size }, (_, index) => `P-${from + index}`),
    at: Date.UTC(2026, 10, 21) + from,
  }
}

async function recordAll(graph: AffinityGraph, orders: readonly Order[]): Promise<readonly number[]> {
  const times: number[] = []
  for (const order of orders) {
    const start = performance.now()
    const fresh = await graph.record([order])
    times.push(performance.now() - start)
    if (fresh !== 1) throw new Error(`Expected a new order, got ${fresh}.`)
  }
  return times
}

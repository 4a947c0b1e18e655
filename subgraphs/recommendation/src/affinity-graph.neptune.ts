import type { Clock } from '@stoa/platform/clock'
import { withoutItself } from './domain/similar.ts'
import { MAX_PURCHASES, MAX_VIEWS } from './domain/taste.ts'
import { rememberBestSellers } from './neptune/best-sellers.ts'
import type { GremlinConnection } from './neptune/connection.ts'
import { keyOfVertex, targetOfEdge } from './neptune/graph-model.ts'
import { readRows, readTexts } from './neptune/read-answers.ts'
import { latestOf, neighboursOf, shelvesOf, similarTo } from './neptune/read-traversals.ts'
import { createWriteLane } from './neptune/write-lane.ts'
import { describeProduct, recordOrder, recordView } from './neptune/write-traversals.ts'
import type { AffinityGraph, Neighbour } from './ports.ts'

export interface NeptuneGraphOptions {
  /** Must try conflicts again (`withRetries`); the graph's to close. */
  readonly connection: GremlinConnection
  readonly clock: Clock
  /** How old an answer of `popular` may be, milliseconds: it looks at every product. Default 5,000. */
  readonly popularForMs?: number
}

/** Products in one request. */
const BATCH = 100

/**
 * The graph in a database that speaks Gremlin. Any number of processes may share it. Every write is one transaction that may
 * be sent again: an order's vertex says that it was counted.
 */
export function openNeptuneAffinityGraph(options: NeptuneGraphOptions): AffinityGraph {
  const { connection, clock, popularForMs = 5_000 } = options
  const lane = createWriteLane(connection)
  const sellers = rememberBestSellers({ connection, clock, forMs: popularForMs })

  /** Asks for products in batches; whoever is not answered is not known. */
  async function askAll<T>(
    productIds: readonly string[],
    ask: (batch: readonly string[]) => Promise<readonly (readonly [string, T])[]>,
  ): Promise<ReadonlyMap<string, T>> {
    const unique = [...new Set(productIds)]
    const batches: (readonly string[])[] = []
    for (let from = 0; from < unique.length; from += BATCH) batches.push(unique.slice(from, from + BATCH))
    return new Map((await Promise.all(batches.map(ask))).flat())
  }

  async function askSimilar(
    batch: readonly string[],
    first: number,
  ): Promise<readonly (readonly [string, readonly string[]])[]> {
    const rows = readRows(await connection.submit(similarTo(batch, first)))
    return await Promise.all(
      rows.map(async (row) => {
        const productId = keyOfVertex(row.text('id'))
        const shared = row.entries('shared').map(([id]) => keyOfVertex(id))
        const [category] = row.texts('categories').map(keyOfVertex)
        const shelf =
          category === undefined || shared.length >= first ? [] : await sellers(first + 1, category)
        const candidates = [...shared, ...shelf.map((seller) => seller.productId)]
        return [productId, withoutItself(productId, candidates, first)] as const
      }),
    )
  }

  return {
    record: (purchases) => lane.write(purchases.map(recordOrder)),
    recordView: async (view) => (await lane.write([recordView(view)])) === 1,
    describe: async (products) => void (await lane.write(products.map(describeProduct))),
    async neighbours(productIds, first) {
      const found = await askAll(productIds, async (batch) => askNeighbours(connection, batch, first))
      return productIds.map((id) => found.get(id) ?? [])
    },
    async similar(productIds, first) {
      const found = await askAll(productIds, (batch) => askSimilar(batch, first))
      return productIds.map((id) => found.get(id) ?? [])
    },
    popular: (first, category) => sellers(first, category),
    async categoriesOf(productIds) {
      const found = await askAll(productIds, (batch) => askShelves(connection, batch))
      return productIds.map((id) => found.get(id))
    },
    boughtBy: (customerId) => askLatest(connection, latestOf('bought', customerId, MAX_PURCHASES)),
    viewedBy: (customerId) => askLatest(connection, latestOf('viewed', customerId, MAX_VIEWS)),
    async [Symbol.asyncDispose]() {
      await lane.idle()
      await connection[Symbol.asyncDispose]()
    },
  }
}

async function askNeighbours(
  connection: GremlinConnection,
  batch: readonly string[],
  first: number,
): Promise<readonly (readonly [string, readonly Neighbour[]])[]> {
  return readRows(await connection.submit(neighboursOf(batch, first))).map((row) => {
    const weights = row.numbers('weights')
    const edges = row
      .texts('edges')
      .map((id, index) => ({ productId: targetOfEdge(id), weight: weights[index] ?? 0 }))
    return [keyOfVertex(row.text('id')), edges] as const
  })
}

async function askShelves(
  connection: GremlinConnection,
  batch: readonly string[],
): Promise<readonly (readonly [string, string | undefined])[]> {
  return readRows(await connection.submit(shelvesOf(batch))).map((row) => {
    const [category] = row.texts('categories').map(keyOfVertex)
    return [keyOfVertex(row.text('id')), category] as const
  })
}

async function askLatest(
  connection: GremlinConnection,
  traversal: ReturnType<typeof latestOf>,
): Promise<readonly string[]> {
  return readTexts(await connection.submit(traversal)).map(targetOfEdge)
}

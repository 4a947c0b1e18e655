import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { Principal, Subgraph, SubgraphResponse } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { everywhere } from './domain/goods.fixture.ts'
import { importLocations, importStock } from './import.ts'
import { createLoaders, type InventoryLoaders } from './loaders.ts'
import { createLocationBook } from './location-book.ts'
import { createResolvers } from './resolvers.ts'

export interface TestGraph extends AsyncDisposable {
  ask(query: string, of?: Asking): Promise<SubgraphResponse>
  /** Every read of the store, by the name of its method. */
  readonly reads: string[]
  /** 100 SKUs with 5 units in Milan and 3 in Rome, one of these held back. */
  readonly skus: readonly string[]
  readonly clock: VirtualClock
  readonly subgraph: Subgraph
  /** For commands that come by the bus. */
  readonly ports: CommandPorts
}

export interface Asking {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly as?: Principal
  /** The idempotency key of the request. */
  readonly key?: string
}

const guest: Principal = { kind: 'anonymous' }

/** The graph over a memory store whose reads are counted. */
export async function openGraph(): Promise<TestGraph> {
  const clock = createVirtualClock()
  const store = openMemoryStore({ clock })
  const skus = Array.from({ length: 100 }, (_, i) => `SKU-${i}`)
  await seed(store, skus)
  const reads: string[] = []
  const counted = countReads(store, reads)
  const ports = { store: counted, clock, random: seededRandom(1) }
  const book = createLocationBook(counted, clock)
  const graph = await createSubgraph<InventoryLoaders>({
    name: 'inventory',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(ports),
    loaders: () => createLoaders(counted, book),
    log: silentLog,
  })
  async function ask(query: string, of: Asking = {}) {
    const { variables = {}, as: principal = guest, key } = of
    const context = {
      principal,
      market: 'IT',
      language: 'it',
      correlationId: 'test',
      deadline: clock.now() + 1000,
    }
    const idempotent = key === undefined ? {} : { idempotencyKey: key }
    return await graph.execute({ query, variables, context: { ...context, ...idempotent } })
  }
  return {
    ask,
    reads,
    skus,
    clock,
    ports,
    subgraph: graph,
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  }
}

async function seed(store: EventStore, skus: readonly string[]): Promise<void> {
  await importLocations(store, everywhere, { at: 1 })
  const levels = [
    { locationId: 'DC-MILAN', onHand: 5 },
    { locationId: 'ST-ROME', onHand: 3, safetyStock: 1 },
  ]
  await importStock(
    store,
    [
      ...skus.map((sku) => ({ sku, levels })),
      { sku: 'LAST', levels: [{ locationId: 'ST-BERLIN', onHand: 1 }] },
    ],
    { at: 1 },
  )
}

/** The store, every read of it noted down. */
function countReads(store: EventStore, reads: string[]): EventStore {
  return {
    ...store,
    get(key) {
      reads.push('get')
      return store.get(key)
    },
    getMany(keys) {
      reads.push('getMany')
      return store.getMany(keys)
    },
    query(query) {
      reads.push('query')
      return store.query(query)
    },
    load(stream, range) {
      reads.push('load')
      return store.load(stream, range)
    },
  }
}

import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { startRelay } from '@stoa/platform/relay'
import type { RequestContext, Subgraph, SubgraphResponse } from '@stoa/platform/subgraph'
import { importCatalog } from './import.ts'
import { openCatalog } from './main.ts'
import { smallShop } from './small-shop.fixture.ts'

/** The whole subgraph over memory engines, with the small shop in it. */
export interface CatalogBench extends AsyncDisposable {
  readonly catalog: Subgraph
  readonly store: EventStore
  readonly bus: EventBus
  /** How many calls the store has answered since the last time this was asked. */
  readonly storeCalls: () => number
  ask(query: string, more?: Asking): Promise<SubgraphResponse>
  /** The ERP says something. */
  tell(
    type: 'ErpPriceChanged' | 'ErpProductChanged',
    data: Envelope['data'],
    more?: Partial<Envelope>,
  ): Promise<void>
  /** Waits until a fact of a type is on the bus this often, and answers these facts. */
  facts(type: string, count: number): Promise<readonly Envelope[]>
}

export interface Asking {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly context?: Partial<RequestContext>
}

export const visitor: RequestContext = {
  principal: { kind: 'anonymous' },
  market: 'IT',
  language: 'en',
  correlationId: 'visit-1',
  deadline: Date.now() + 60_000,
}

/** Bo keeps the catalogue. */
export const bo: Partial<RequestContext> = {
  principal: { kind: 'operator', operatorId: 'OP-bo', scopes: ['catalog:write'] },
}

export async function openCatalogBench(): Promise<CatalogBench> {
  const stack = new AsyncDisposableStack()
  const parts = { clock: systemClock, random: seededRandom(7), log: silentLog }
  const { store, calls } = countCalls(stack.use(openMemoryStore(parts)))
  const bus = stack.use(openMemoryBus(parts))
  await importCatalog(store, smallShop)
  const catalog = stack.use(await openCatalog({ ...parts, store, bus, env: {} }))
  stack.use(await startRelay({ store, bus, source: 'catalog', log: silentLog }))
  let told = 0

  return {
    catalog,
    store,
    bus,
    storeCalls: calls,
    ask: (query, { variables = {}, context = {} } = {}) =>
      catalog.execute({ query, variables, context: { ...visitor, ...context } }),
    async tell(type, data, more = {}) {
      told += 1
      const id = `erp-${told}`
      const fixed = { source: 'erp', version: told, at: Date.now(), meta: { correlationId: id } }
      await bus.publish([{ id, type, data, stream: `erp-${id}`, ...fixed, ...more }])
    },
    facts: (type, count) =>
      eventually(async () => {
        const { events } = await bus.archive({ limit: 1000, pattern: { 'detail-type': [type] } })
        return events.length >= count ? events : undefined
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** What `read` answers as soon as it answers something; gives up after five seconds. */
export async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + 5_000
  for (;;) {
    const answer = await read()
    if (answer !== undefined) return answer
    if (Date.now() > until) throw new Error('What was waited for did not happen within five seconds.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

function countCalls(store: EventStore): { readonly store: EventStore; readonly calls: () => number } {
  let count = 0
  const counted = <A extends readonly unknown[], R>(call: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      count += 1
      return call(...args)
    }
  }
  const counting: EventStore = {
    ...store,
    get: counted(store.get),
    getMany: counted(store.getMany),
    query: counted(store.query),
    load: counted(store.load),
    commit: counted(store.commit),
  }
  return {
    store: counting,
    calls: () => {
      const calls = count
      count = 0
      return calls
    },
  }
}

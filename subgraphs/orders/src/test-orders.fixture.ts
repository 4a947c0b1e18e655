import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import type { JsonObject } from '@stoa/platform/json'
import { silentLog } from '@stoa/platform/log'
import { type Random, seededRandom } from '@stoa/platform/random'
import { startRelay } from '@stoa/platform/relay'
import type { Principal, RequestContext, Subgraph, SubgraphResponse } from '@stoa/platform/subgraph'
import type { StoaEvent } from '@stoa/schema/events'
import { type Bank, createBank } from './fake-bank.fixture.ts'
import { importPickupLocations, importPrices, type PickupLocationImport } from './import.ts'
import { openOrdersOn } from './open-orders.ts'
import type { PostRequest } from './ports.ts'

/** The orders subgraph as it is, on a store and a bus in memory, with a bank and books that remember. */
export interface TestOrders extends AsyncDisposable {
  readonly subgraph: Subgraph
  readonly store: EventStore
  readonly bus: EventBus
  readonly clock: VirtualClock
  readonly bank: Bank
  readonly books: Map<string, PostRequest>
  ask(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    who?: Partial<RequestContext>,
  ): Promise<SubgraphResponse>
  /** Somebody else tells a fact. Resolves when everything that follows from it is done. */
  hear(source: string, event: StoaEvent): Promise<void>
  /** Resolves when every fact was told and handled. */
  settle(): Promise<void>
}

export const ada: Principal = { kind: 'customer', customerId: 'CU-ADA', scopes: [] }
export const bo: Principal = { kind: 'customer', customerId: 'CU-BO', scopes: [] }
export const operator: Principal = {
  kind: 'operator',
  operatorId: 'OP-1',
  scopes: ['orders:read', 'orders:write'],
}

const PRICES = [
  { sku: 'TEE-1', market: 'IT', minor: 1_500, currency: 'EUR', productId: 'P-1', name: 'Shirt' },
  { sku: 'MUG-1', market: 'IT', minor: 1_000, currency: 'EUR', productId: 'P-2', name: 'Mug' },
  { sku: 'TEE-1', market: 'GB', minor: 1_300, currency: 'GBP', productId: 'P-1', name: 'Shirt' },
] as const

const LOCATIONS = [
  { locationId: 'ST-TURIN', kind: 'STORE' },
  { locationId: 'DC-TURIN', kind: 'DC' },
] as const

export interface TestOptions {
  readonly store?: EventStore
  readonly random?: Random
  readonly locations?: readonly PickupLocationImport[]
}

export async function openTestOrders(options: TestOptions = {}): Promise<TestOrders> {
  const { random = seededRandom(1) } = options
  const clock = createVirtualClock()
  await using stack = new AsyncDisposableStack()
  const store = stack.use(options.store ?? openMemoryStore({ clock }))
  const bus = stack.use(openMemoryBus({ clock, random, log: silentLog }))
  const bank = createBank()
  const books = new Map<string, PostRequest>()
  const ledger = {
    async post(request: PostRequest) {
      books.set(request.orderId, request)
      return { postingId: `ERP-${request.orderNumber}` }
    },
  }
  await importPrices(store, PRICES)
  await importPickupLocations(store, options.locations ?? LOCATIONS)
  const parts = { store, bus, clock, random, log: silentLog }
  const subgraph = stack.use(await openOrdersOn(parts, { payments: bank, ledger }))
  stack.use(await startRelay({ store, bus, source: 'orders', log: silentLog }))
  const opened = stack.move()
  const settle = (): Promise<void> => settled(bus)
  return {
    ...{ subgraph, store, bus, clock, bank, books, settle },
    ask: (query, variables = {}, who = {}) =>
      subgraph.execute({ query, variables, context: contextOf(who, clock.now()) }),
    async hear(source, event) {
      await bus.publish([envelope(source, event, { id: random.uuid(), at: clock.now() })])
      await settle()
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function contextOf(who: Partial<RequestContext>, now: number): RequestContext {
  const deadline = now + 10_000
  return { principal: ada, market: 'IT', language: 'it', correlationId: 'test', deadline, ...who }
}

function envelope(
  source: string,
  { type, data }: StoaEvent,
  { id, at }: { readonly id: string; readonly at: number },
) {
  // Declared in schema/events.graphql, whose types are plain JSON.
  const json = data as unknown as JsonObject
  return {
    id,
    type,
    at,
    data: json,
    meta: { correlationId: 'test' },
    stream: `${source}-${id}`,
    version: 1,
    source,
  }
}

/** The relay runs beside the bus: quiet is when nothing new came for a few turns. */
async function settled(bus: EventBus): Promise<void> {
  let last: string | undefined
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    await bus.idle()
    const [newest] = (await bus.archive({ limit: 1, descending: true })).events
    quiet = newest?.id === last ? quiet + 1 : 0
    last = newest?.id
  }
}

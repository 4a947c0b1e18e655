import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import type { EventStore } from '@stoa/platform/event-store'
import { openMemoryStore } from '@stoa/platform/event-store.memory'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { Principal, Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { checkEvent, type OrderCreated, type StoaEvent } from '@stoa/schema/events'
import { openRecommendation } from './main.ts'

/** Everything but the engines. */
export const parts: Pick<SubgraphParts, 'clock' | 'random' | 'log' | 'env'> = {
  clock: systemClock,
  random: seededRandom(5),
  log: silentLog,
  env: {},
}
export const ada: Principal = { kind: 'customer', customerId: 'CU-ada', scopes: [] }

/** The whole subgraph over memory engines. */
export interface Bench extends AsyncDisposable {
  readonly subgraph: Subgraph
  readonly store: EventStore
  readonly bus: EventBus
  ask(query: string, principal?: Principal): Promise<Awaited<ReturnType<Subgraph['execute']>>>
  /** Publishes orders and waits until they were taken in. */
  order(...orders: readonly Envelope[]): Promise<void>
}

export async function openBench(): Promise<Bench> {
  const stack = new AsyncDisposableStack()
  const store = stack.use(openMemoryStore(parts))
  const bus = stack.use(openMemoryBus(parts))
  const subgraph = stack.use(await openRecommendation({ ...parts, store, bus }))
  return {
    subgraph,
    store,
    bus,
    ask: (query, principal = { kind: 'anonymous' }) =>
      subgraph.execute({ query, context: contextOf(principal) }),
    async order(...orders) {
      await bus.publish(orders)
      await bus.idle()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export function contextOf(principal: Principal): Parameters<Subgraph['execute']>[0]['context'] {
  return { principal, market: 'IT', language: 'en', correlationId: 'visit-1', deadline: Date.now() + 60_000 }
}

/** An order of these products, one each, as the orders subgraph tells it. */
export function created(
  orderId: string,
  productIds: readonly string[],
  more: { readonly customerId?: string; readonly imported?: true } = {},
): Envelope {
  const price = { minor: 1_000, currency: 'EUR' } as const
  const lines = productIds.map((productId, index) => ({
    ...{
      lineId: `L${index}`,
      sku: `${productId}-M`,
      productId,
      name: productId,
      quantity: 1,
      unitPrice: price,
      total: price,
    },
  }))
  const data: OrderCreated = {
    ...{ orderId, orderNumber: orderId, email: 'ada@example.com', language: 'en', market: 'IT', lines },
    ...{ subtotal: price, shipping: price, tax: price, total: price, paymentToken: 'tok' },
    delivery: { method: 'PICKUP', locationId: 'ST-1' },
    ...(more.customerId && { customerId: more.customerId }),
  }
  const event = { type: 'OrderCreated', data: { ...data, delivery: { ...data.delivery } } }
  if (!checkEvent(event).ok) throw new Error('the test makes events as the contract wants them')
  const meta = { correlationId: orderId, ...(more.imported && { imported: more.imported }) }
  // Plain data, checked just now.
  return {
    ...event,
    data: event.data as unknown as Envelope['data'],
    id: `E-${orderId}`,
    at: Date.now(),
    meta,
    stream: `order-${orderId}`,
    version: 1,
    source: 'orders',
  }
}

/** A fact of somebody else. */
export function fact(
  source: 'catalog' | 'inventory',
  event: StoaEvent,
  more: { readonly imported?: true } = {},
): Envelope {
  const id = parts.random.uuid()
  const meta = { correlationId: id, ...more }
  // Plain data, checked by those who listen.
  const data = event.data as unknown as Envelope['data']
  return { type: event.type, data, id, at: Date.now(), meta, stream: id, version: 1, source }
}

import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { SubgraphRequest } from '@stoa/platform/subgraph'
import { createGateway, type Gateway, type GatewayOptions, type SubgraphClient } from '../src/gateway.ts'
import { createEventChannel, type EventChannel } from './event-channel.ts'
import { composed, openPart, type PartOfGraph } from './fixture.ts'

/** A subgraph that tells which thing changed, by its key alone; others know the rest. */
export interface LiveShop extends AsyncDisposable {
  readonly gateway: Gateway
  readonly orders: EventChannel<object>
  readonly supergraph: string
  readonly parts: Readonly<Record<string, PartOfGraph>>
  /** What each subgraph was asked, subscriptions too. */
  readonly asked: readonly { readonly subgraph: string; readonly request: SubgraphRequest }[]
  /** By order id: what the orders' subgraph says of it now. */
  readonly statuses: Map<string, string | Error>
}

export type LiveShopOptions = Partial<GatewayOptions> & {
  /** May put something between the gateway and a subgraph. */
  readonly wrap?: (name: string, client: SubgraphClient) => SubgraphClient
}

export const LIVE_SDL = `
  type Query { here: Boolean }
  type Subscription {
    orderChanged(orderId: ID): Order
    thingChanged: Thing
    sureThing: Order!
    refused(word: String): Order
    markChanged: Marked
  }
  interface Marked { mark: String }
  type Memo implements Marked { mark: String }
  type Badge implements Marked @key(fields: "id", resolvable: false) { id: ID! mark: String }
  union Thing = Order | Product
  type Order @key(fields: "orderId", resolvable: false) { orderId: ID! }
  type Product @key(fields: "sku", resolvable: false) { sku: ID! }`

export function liveParts(
  orders: EventChannel<object>,
  statuses: ReadonlyMap<string, string | Error>,
): Readonly<Record<string, PartOfGraph>> {
  const source = { subscribe: () => orders.listen() }
  return {
    live: {
      sdl: LIVE_SDL,
      resolvers: {
        Query: { here: () => true },
        Subscription: {
          orderChanged: source,
          thingChanged: source,
          sureThing: source,
          markChanged: source,
          refused: {
            subscribe() {
              throw new Error('no such word')
            },
          },
        },
      },
    },
    orders: {
      sdl: `
        type Query { order(orderId: ID!): Order }
        type Mutation { touch: Boolean }
        type Order @key(fields: "orderId") { orderId: ID! status: String lines: [Line!]! }
        type Line { product: Product! quantity: Int! }
        type Product @key(fields: "sku", resolvable: false) { sku: ID! }`,
      resolvers: {
        Query: { order: (_: unknown, { orderId }: { orderId: string }) => ({ orderId }) },
        Mutation: { touch: () => true },
        Order: {
          __resolveReference: ({ orderId }: { orderId: string }) =>
            statuses.has(orderId) ? { orderId } : null,
          status: ({ orderId }: { orderId: string }) => statuses.get(orderId),
          lines: () => [{ product: { sku: 'TEE' }, quantity: 2 }],
        },
      },
    },
    catalog: {
      sdl: `
        type Query { product(sku: ID!): Product }
        type Product @key(fields: "sku") { sku: ID! name: String }
        type Badge @key(fields: "id") { id: ID! colour: String }`,
      resolvers: {
        Query: { product: (_: unknown, { sku }: { sku: string }) => ({ sku }) },
        Product: {
          __resolveReference: ({ sku }: { sku: string }) => ({ sku }),
          name: ({ sku }: { sku: string }) => `the ${sku}`,
        },
        Badge: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          colour: ({ id }: { id: string }) => `${id} red`,
        },
      },
    },
  }
}

/** All in this process; the events are what the test tells `orders`. */
export async function openLiveShop({ wrap, ...options }: LiveShopOptions = {}): Promise<LiveShop> {
  const orders = createEventChannel<object>()
  const statuses = new Map<string, string | Error>([['O-1', 'CREATED']])
  const parts = liveParts(orders, statuses)
  const asked: { subgraph: string; request: SubgraphRequest }[] = []
  await using opening = new AsyncDisposableStack()
  const subgraphs = new Map<string, SubgraphClient>()
  for (const [name, part] of Object.entries(parts)) {
    const subgraph: SubgraphClient = opening.use(await openPart(name, part))
    const note = (request: SubgraphRequest): void => void asked.push({ subgraph: name, request })
    subgraphs.set(name, noting(wrap?.(name, subgraph) ?? subgraph, note))
  }
  const supergraph = composed(parts)
  const tools = { clock: systemClock, random: seededRandom(1), log: silentLog, introspection: true }
  const gateway = opening.use(createGateway({ ...tools, supergraph, subgraphs, ...options }))
  const opened = opening.move()
  return {
    ...{ gateway, orders, supergraph, parts, asked, statuses },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function noting(client: SubgraphClient, note: (request: SubgraphRequest) => void): SubgraphClient {
  const { subscribe } = client
  return {
    execute(request) {
      note(request)
      return client.execute(request)
    },
    ...(subscribe && {
      subscribe(request: SubgraphRequest, signal: AbortSignal) {
        note(request)
        return subscribe(request, signal)
      },
    }),
  }
}

import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { createGateway, type Gateway, type SubgraphClient } from '../src/gateway.ts'
import { createHttpSubgraphClient, type HttpSubgraphOptions } from '../src/subgraph-client.http.ts'
import { createEventChannel, type EventChannel } from './event-channel.ts'
import { type EventSubgraph, serveEvents } from './event-subgraph.ts'
import { composed, openPart } from './fixture.ts'
import { liveParts } from './live-shop.ts'

/** The live shop with each subgraph behind a real server. */
export interface WireShop extends AsyncDisposable {
  readonly gateway: Gateway
  readonly orders: EventChannel<object>
  /** What tells the events; absent where it is one of our own. */
  readonly source: EventSubgraph
}

const secret = 'a secret of at least thirty-two characters'

/** `own`: events come from a subgraph of ours, with who asks signed. */
export async function openWireShop(
  way: NonNullable<HttpSubgraphOptions['subscriptions']>,
  own = false,
): Promise<WireShop> {
  await using opening = new AsyncDisposableStack()
  const orders = createEventChannel<object>()
  const parts = liveParts(orders, new Map([['O-1', 'CREATED']]))
  const source = opening.use(await serveEvents(orders))
  const clients = new Map<string, SubgraphClient>()
  const connect = (options: Pick<HttpSubgraphOptions, 'name' | 'url' | 'secret' | 'subscriptions'>): void => {
    clients.set(options.name, opening.use(createHttpSubgraphClient({ ...options, log: silentLog })))
  }
  for (const [name, part] of Object.entries(parts)) {
    const subgraph = opening.use(await openPart(name, part))
    const served = opening.use(await listenSubgraph(subgraph, { port: 0, secret, log: silentLog }))
    connect({ name, url: `${served.url}/graphql`, secret, subscriptions: way })
  }
  if (!own) connect({ name: 'live', url: source.url, subscriptions: way })
  const tools = { clock: systemClock, random: seededRandom(1), log: silentLog }
  const gateway = opening.use(createGateway({ ...tools, supergraph: composed(parts), subgraphs: clients }))
  const opened = opening.move()
  return { gateway, orders, source, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

import { randomBytes } from 'node:crypto'
import type { Gateway } from '@stoa/gateway/gateway'
import type { EventBus } from '@stoa/platform/event-bus'
import { type Composed, composeGraph, type GraphSource } from './compose-graph.ts'
import { type Identity, type IdentityParts, openIdentity } from './identity.ts'
import { openGateway } from './open-gateway.ts'
import { drainServer, shut } from './server/drain.ts'
import { type EventsStream, openEventsStream } from './server/events-stream.ts'
import { graphRoutes, graphUpgrade } from './server/graph-routes.ts'
import { healthRoutes } from './server/health-routes.ts'
import { hookRoutes } from './server/hooks.ts'
import { type Listening, listenFrom } from './server/listen.ts'
import { pageRoutes } from './server/page-routes.ts'
import { createWebServer, type Routes } from './server/router.ts'
import type { SimulatorAddress } from './simulators.ts'

export interface EdgeParts extends IdentityParts {
  /** 0 takes any free port. */
  readonly port: number
  readonly bus: EventBus
  /** What vendors sign their notices with. Default: a fresh one, for simulators started along with this edge. */
  readonly webhookSecret?: string
  /** Whether documents are planned in a process of their own. Default: no. */
  readonly isolatePlanner?: boolean
}

/** What the edge stands in front of; known once the subgraphs run. */
export interface Behind {
  readonly sources: readonly GraphSource[]
  readonly simulators: readonly SimulatorAddress[]
}

/** Everything a route needs once the shop is open. */
export interface OpenState {
  readonly gateway: Gateway
  readonly composed: Composed
  readonly simulators: Behind['simulators']
}

/** The web server in front of everything: the graph, the hooks, the pages. Listens at once, is ready after `open`. */
export interface Edge extends AsyncDisposable, Listening {
  readonly webhookSecret: string
  readonly identity: Identity
  /** Throws BAD_SCHEMA when the parts make no graph. */
  open(behind: Behind): Promise<OpenState>
  /** Takes no new requests, ends subscriptions, and lets running requests end, for at most five seconds. */
  drain(): Promise<void>
}

/** Throws OVERLOADED when the wanted port and the next nineteen are taken. */
export async function openEdge(parts: EdgeParts): Promise<Edge> {
  await using opening = new AsyncDisposableStack()
  const webhookSecret = parts.webhookSecret ?? randomBytes(32).toString('hex')
  const identity = opening.use(await openIdentity(parts))
  const live = opening.use(await openEventsStream(parts.bus))
  let state: OpenState | undefined
  let draining = false
  const current = (): OpenState | undefined => (draining ? undefined : state)
  const routes = allRoutes({ ...parts, webhookSecret, identity, live, current })
  const server = createWebServer(routes, parts.log)
  server.on('upgrade', graphUpgrade(current))
  const listening = await listenFrom(server, parts.port)
  opening.defer(() => state?.gateway[Symbol.asyncDispose]())
  opening.defer(() => shut(server))
  const opened = opening.move()
  return {
    ...listening,
    webhookSecret,
    identity,
    async open({ sources, simulators }) {
      const composed = await composeGraph(sources)
      state = { gateway: openGateway({ ...parts, identity }, composed, sources), composed, simulators }
      return state
    },
    async drain() {
      draining = true
      live.endAll()
      await Promise.all([state?.gateway.endStreams(), drainServer(server)])
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** What an edge says about itself once it is open. */
export interface EdgeFacts {
  readonly issuer: string
  readonly accounts: readonly { readonly who: string; readonly email: string; readonly password: string }[]
  readonly subgraphs: Composed['subgraphs']
  readonly composeMs: number
}

export function describeEdge({ identity }: Edge, { composed }: OpenState): EdgeFacts {
  const accounts = identity.accounts.map(({ who, email, password }) => ({ who, email, password }))
  return {
    issuer: identity.issuer.url,
    accounts,
    subgraphs: composed.subgraphs,
    composeMs: composed.ms,
  }
}

interface RouteParts extends EdgeParts {
  readonly webhookSecret: string
  readonly identity: Identity
  readonly live: EventsStream
  readonly current: () => OpenState | undefined
}

function allRoutes(parts: RouteParts): Routes {
  return {
    ...graphRoutes(parts.current),
    ...healthRoutes(parts.current),
    ...pageRoutes(parts.identity, parts.current),
    ...hookRoutes(parts, parts.webhookSecret),
    'GET /events/stream': parts.live.stream,
  }
}

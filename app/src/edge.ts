import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Gateway } from '@stoa/gateway/gateway'
import type { Clock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import { type Composed, composeGraph, type GraphSource } from './compose-graph.ts'
import type { Identity } from './identity.ts'
import { openGateway } from './open-gateway.ts'
import { openEventsStream } from './server/events-stream.ts'
import { graphRoutes } from './server/graph-routes.ts'
import { healthRoutes } from './server/health-routes.ts'
import { hookRoutes } from './server/hooks.ts'
import { type Listening, listenFrom } from './server/listen.ts'
import { pageRoutes } from './server/page-routes.ts'
import { createWebServer } from './server/router.ts'

export interface EdgeParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly port: number
  readonly bus: EventBus
  readonly identity: Identity
  /** What vendors sign their notices with. Default: a fresh one, for simulators started along with this edge. */
  readonly webhookSecret?: string
}

/** What the edge stands in front of; known once the subgraphs run. */
export interface Behind {
  readonly sources: readonly GraphSource[]
  readonly simulators: readonly { readonly name: string; readonly url: string }[]
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
  open(behind: Behind): Promise<OpenState>
  /** Takes no new requests and lets the running ones end, for at most five seconds. */
  drain(): Promise<void>
}

const DRAIN_MS = 5_000

export async function openEdge(parts: EdgeParts): Promise<Edge> {
  await using opening = new AsyncDisposableStack()
  const webhookSecret = parts.webhookSecret ?? randomBytes(32).toString('hex')
  const live = opening.use(await openEventsStream(parts.bus))
  let state: OpenState | undefined
  let draining = false
  const current = (): OpenState | undefined => (draining ? undefined : state)
  const server = createWebServer(
    {
      ...graphRoutes(current),
      ...healthRoutes(current),
      ...pageRoutes(parts.identity, current),
      ...hookRoutes(parts, webhookSecret),
      'GET /events/stream': live.stream,
    },
    parts.log,
  )
  const listening = await listenFrom(server, parts.port)
  opening.defer(async () => server.closeAllConnections())
  opening.defer(async () => await state?.gateway[Symbol.asyncDispose]())
  const opened = opening.move()
  return {
    ...listening,
    webhookSecret,
    identity: parts.identity,
    async open({ sources, simulators }) {
      const composed = await composeGraph(sources)
      state = { gateway: await openGateway(parts, composed, sources), composed, simulators }
      return state
    },
    async drain() {
      draining = true
      server.close()
      server.closeIdleConnections()
      await Promise.race([
        once(server, 'close'),
        new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref()),
      ])
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

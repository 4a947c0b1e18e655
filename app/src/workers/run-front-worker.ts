import type { Server } from 'node:http'
import type { Gateway } from '@stoa/gateway/gateway'
import { createHttpSubgraphClient } from '@stoa/gateway/subgraph-client.http'
import { systemClock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { runWorker, type Working } from '@stoa/platform/run-worker'
import { openGateway } from '../open-gateway.ts'
import { drainServer, shut } from '../server/drain.ts'
import { graphRoutes } from '../server/graph-routes.ts'
import { listenFrom } from '../server/listen.ts'
import { createWebServer, type Handler, type Routes } from '../server/router.ts'
import { openLog } from '../terminal-log.ts'
import type { FrontFacts, FrontTold } from './messages.ts'
import { createPassage, type Passage } from './passage.ts'

/** One gateway of several on one port. Answers the exit code. */
export function runFrontWorker(): Promise<number> {
  const log = openLog('warn', 'worker')
  return runWorker<FrontTold, FrontFacts>(log, (told) => openFrontWorker(told, log))
}

async function openFrontWorker(told: FrontTold, log: Log): Promise<Working<FrontTold, FrontFacts>> {
  await using opening = new AsyncDisposableStack()
  const gateway = opening.use(gatewayFor(opening, told, log))
  const passage = createPassage(told.edgePort)
  let draining = false
  const current = (): { gateway: Gateway } | undefined => (draining ? undefined : { gateway })
  const server = createWebServer(frontRoutes(current, passage), log)
  server.on('upgrade', passage.upgrade)
  const facts = await listenFrom(server, told.port, told.tries)
  opening.defer(() => shut(server))
  opening.defer(() => {
    draining = true
    return drain(server, passage)
  })
  const opened = opening.move()
  return { facts: () => facts, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

function gatewayFor(owner: AsyncDisposableStack, told: FrontTold, log: Log): Gateway {
  const { supergraph, secret, issuer } = told
  const sources = told.subgraphs.map(({ name, url }) => ({
    name,
    client: owner.use(createHttpSubgraphClient({ name, url, secret, log })),
  }))
  const identity = { issuer: { url: issuer.url, jwks: () => issuer.jwks } }
  const parts = { clock: systemClock, random: systemRandom, log, identity, isolatePlanner: true }
  return openGateway(parts, { supergraph }, sources)
}

/** The graph is answered here; live answers come from where the bus is, and so does everything else. */
function frontRoutes(current: () => { gateway: Gateway } | undefined, passage: Passage): Routes {
  const graph = Object.entries(graphRoutes(current)).map(([route, handler]) => {
    const choose: Handler = (request, ...rest) =>
      (request.headers.accept?.includes('text/event-stream') ? passage.handle : handler)(request, ...rest)
    return [route, choose] as const
  })
  return { ...Object.fromEntries(graph), '* /*': passage.handle }
}

/** Streams are ended by where they come from, which says goodbye; the rest of them go after a while. */
const GOODBYE_MS = 1_000

async function drain(server: Server, passage: Passage): Promise<void> {
  const closing = setTimeout(() => passage.close(), GOODBYE_MS)
  await drainServer(server)
  clearTimeout(closing)
}

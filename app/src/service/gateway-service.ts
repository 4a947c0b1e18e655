import { once } from 'node:events'
import type { Server } from 'node:http'
import { createGateway, type Gateway, type SharedPlans, type SubgraphClient } from '@stoa/gateway/gateway'
import { openRedisPlans } from '@stoa/gateway/shared-plans.redis'
import { createHttpSubgraphClient } from '@stoa/gateway/subgraph-client.http'
import { invariant } from '@stoa/platform/invariant'
import { defaultMarket, markets } from '@stoa/platform/market'
import type { RateBucket } from '@stoa/platform/rate-bucket'
import { createMemoryRateBucket } from '@stoa/platform/rate-bucket.memory'
import { createRedisRateBucket } from '@stoa/platform/rate-bucket.redis'
import { openRedis } from '@stoa/platform/redis-connection'
import { loadDocuments } from '@stoa/schema/documents'
import { readSupergraph } from '@stoa/schema/supergraph'
import { drainServer, shut } from '../server/drain.ts'
import { graphRoutes, graphUpgrade } from '../server/graph-routes.ts'
import { hookRoutes } from '../server/hooks.ts'
import { createWebServer, type Routes, sendJson } from '../server/router.ts'
import { version } from '../version.ts'
import type { GatewayConfig } from './service-config.ts'
import type { RunningService, ServiceTools } from './service-parts.ts'

/**
 * The graph for heads and the hooks for vendors, in front of subgraphs elsewhere. It serves the committed supergraph,
 * so it is ready before they are; trusted documents only, no introspection, no pages, no issuer of its own.
 */
export async function openGatewayService(
  config: GatewayConfig,
  tools: ServiceTools,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const bus = opening.use(await tools.engines.bus())
  const bucket = openRateBucket(opening, config, tools)
  const clients = openClients(opening, config, tools)
  const plans = openPlans(opening, config, tools)
  const gateway = opening.use(openGateway(config, tools, { clients, bucket, ...plans }))
  let draining = false
  const current = (): { gateway: Gateway } | undefined => (draining ? undefined : { gateway })
  const routes = {
    ...graphRoutes(current),
    ...hookRoutes({ ...tools, bus }, config.webhookSecret),
    ...healthRoutes(config, () => !draining),
  }
  const server = createWebServer(routes, tools.log)
  Object.assign(server, TIMEOUTS)
  server.on('upgrade', graphUpgrade(current))
  const url = await listen(server, config)
  opening.defer(() => shut(server))
  opening.defer(async () => {
    draining = true
    await Promise.all([gateway.endStreams(), drainServer(server)])
  })
  const opened = opening.move()
  return { url, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** A caller that dribbles its bytes is let go; idle connections outlive those of load balancers, who else see 502. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 }

function openClients(
  owner: AsyncDisposableStack,
  { subgraphs, secret }: GatewayConfig,
  { log }: ServiceTools,
): ReadonlyMap<string, SubgraphClient> {
  return new Map(
    [...subgraphs].map(([name, url]) => [
      name,
      owner.use(createHttpSubgraphClient({ name, url, secret, log })),
    ]),
  )
}

/** Shared by all gateways where there is a Redis; each has its own besides, for when that is away. */
function openRateBucket(
  owner: AsyncDisposableStack,
  { rate: limit, redisUrl }: GatewayConfig,
  { clock, random, log }: ServiceTools,
): RateBucket {
  const fallback = createMemoryRateBucket({ limit, clock })
  if (redisUrl === undefined) return fallback
  const redis = owner.use(openRedis({ url: redisUrl, clock, random, log }))
  return createRedisRateBucket({ redis, limit, prefix: 'stoa:rate:', fallback, log })
}

/** So that one of them plans a document and not each. */
function openPlans(
  owner: AsyncDisposableStack,
  { redisUrl: url, secret }: GatewayConfig,
  { clock, random, log }: ServiceTools,
): Pick<Behind, 'sharedPlans'> {
  return url === undefined
    ? {}
    : { sharedPlans: owner.use(openRedisPlans({ url, secret, clock, random, log })) }
}

interface Behind {
  readonly clients: ReadonlyMap<string, SubgraphClient>
  readonly bucket: RateBucket
  readonly sharedPlans?: SharedPlans
}

function openGateway(
  { issuer, proxies }: GatewayConfig,
  { clock, random, log }: ServiceTools,
  { clients: subgraphs, bucket, ...plans }: Behind,
): Gateway {
  const documents = new Map([...loadDocuments()].map(([id, { text }]) => [id, text]))
  return createGateway({
    ...{ clock, random, log, subgraphs, documents, issuer, markets, defaultMarket },
    ...plans,
    supergraph: readSupergraph(),
    rate: { bucket, proxies },
    adHocDocuments: false,
    introspection: false,
    isolatePlanner: true,
  })
}

function healthRoutes({ subgraphs }: GatewayConfig, isReady: () => boolean): Routes {
  return {
    'GET /livez': (_request, response) => sendJson(response, 200, { live: true }),
    'GET /readyz': (_request, response) => {
      const ready = isReady()
      sendJson(response, ready ? 200 : 503, { ready, subgraphs: [...subgraphs.keys()] })
    },
    'GET /version': (_request, response) => sendJson(response, 200, { version, node: process.versions.node }),
  }
}

async function listen(server: Server, { host, port }: GatewayConfig): Promise<string> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening TCP server has an address')
  return `http://${host}:${address.port}`
}

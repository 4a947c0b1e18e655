import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { runSubgraph, type SubgraphName } from '../subgraphs.ts'
import type { ServiceConfig } from './service-config.ts'
import type { RunningService, ServiceTools } from './service-parts.ts'

/** One subgraph behind HTTP, on the engines of its stack. */
export async function openSubgraphService(
  name: SubgraphName,
  { host, port, secret }: ServiceConfig,
  { clock, random, log, engines, env }: ServiceTools,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const bus = opening.use(await engines.bus())
  const store = opening.use(await engines.store(name))
  const subgraph = opening.use(await runSubgraph(name, { store, bus, clock, random, log, env }))
  const server = opening.use(await listenSubgraph(subgraph, { host, port, secret, log }))
  const opened = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { runSubgraph, type SubgraphName } from '../subgraphs.ts'
import { checkMovable, withoutReactions } from './reactions.ts'
import type { SubgraphConfig } from './service-config.ts'
import type { RunningService, ServiceTools } from './service-parts.ts'

/** One subgraph behind HTTP, on the engines of its stack. */
export async function openSubgraphService(
  name: SubgraphName,
  { host, port, secret, reactions }: SubgraphConfig,
  { clock, random, log, engines, env }: ServiceTools,
): Promise<RunningService> {
  if (reactions === 'elsewhere') checkMovable(name)
  await using opening = new AsyncDisposableStack()
  const whole = opening.use(await engines.bus())
  const bus = reactions === 'elsewhere' ? withoutReactions(whole) : whole
  const store = opening.use(await engines.store(name))
  const subgraph = opening.use(await runSubgraph(name, { store, bus, clock, random, log, env }))
  const server = opening.use(await listenSubgraph(subgraph, { host, port, secret, log }))
  const opened = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

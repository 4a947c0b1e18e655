import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { runSubgraph, type SubgraphName } from '../subgraphs.ts'
import { type ChildParts, tellParent } from './child-parts.ts'

/** One subgraph behind HTTP, on its own database and the shared bus. */
export async function runSubgraphChild(name: SubgraphName, parts: ChildParts): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const { clock, random, log, env, secret, port } = parts
  const bus = opening.use(await parts.engines.bus())
  const store = opening.use(await parts.engines.store(name))
  const subgraph = opening.use(await runSubgraph(name, { store, bus, clock, random, log, env }))
  const server = opening.use(await listenSubgraph(subgraph, { port, secret, log }))
  tellParent({ type: 'listening', url: server.url, sdl: subgraph.sdl })
  return opening.move()
}

import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { openMemoryAffinityGraph } from './affinity-graph.memory.ts'
import { createLoaders, type RecommendationLoaders } from './loaders.ts'
import { runAlsoBought } from './projections/also-bought.ts'
import { createResolvers } from './resolvers.ts'

/** What goes with what, learned from orders. */
export async function openRecommendation({ store, bus, log }: SubgraphParts): Promise<Subgraph> {
  await using stack = new AsyncDisposableStack()
  const graph = stack.use(await openMemoryAffinityGraph(store))
  stack.use(await runAlsoBought({ bus, graph, log }))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<RecommendationLoaders>({
    name: 'recommendation',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(graph),
    loaders: () => createLoaders(graph),
    log,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

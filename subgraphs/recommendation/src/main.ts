import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { openMemoryAffinityGraph } from './affinity-graph.memory.ts'
import { readGraphConfig } from './graph-config.ts'
import { createLoaders, type RecommendationLoaders } from './loaders.ts'
import type { AffinityGraph } from './ports.ts'
import { runAlsoBought } from './projections/also-bought.ts'
import { runAssortment } from './projections/assortment.ts'
import { runStock } from './projections/stock.ts'
import { createResolvers } from './resolvers.ts'

/** What goes with what, learned from orders. */
export async function openRecommendation(parts: SubgraphParts): Promise<Subgraph> {
  const { store, bus, log, clock } = parts
  await using stack = new AsyncDisposableStack()
  const graph = stack.use(await openGraph(parts))
  const assortment = stack.use(await runAssortment({ store, bus, graph }))
  const stock = stack.use(await runStock({ store, bus, assortment }))
  stack.use(await runAlsoBought({ bus, graph, log }))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<RecommendationLoaders>({
    name: 'recommendation',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers({ graph, stock, clock }),
    loaders: () => createLoaders(graph),
    log,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

/** What a graph database needs is loaded only where there is one: a shop on a laptop starts without it. */
async function openGraph(parts: SubgraphParts): Promise<AffinityGraph> {
  const config = readGraphConfig(parts.env)
  if (config === undefined) return await openMemoryAffinityGraph(parts.store)
  const { openGraphDatabase } = await import('./neptune/open-graph-database.ts')
  return await openGraphDatabase(config, parts)
}

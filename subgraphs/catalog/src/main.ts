import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { type CatalogLoaders, createLoaders } from './loaders.ts'
import { runSearchProjection } from './projections/search.ts'
import { startReactions } from './reactions.ts'
import { createResolvers } from './resolvers.ts'
import { openSqliteProductSearch } from './search/product-search.sqlite.ts'

/** The catalogue: what the shop sells, what it costs where, and how to find it. */
export async function openCatalog(parts: SubgraphParts): Promise<Subgraph> {
  const { store, bus, log } = parts
  await using stack = new AsyncDisposableStack()
  const search = stack.use(openSqliteProductSearch())
  stack.use(await runSearchProjection({ store, bus, search }))
  stack.use(await startReactions(parts))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<CatalogLoaders>({
    name: 'catalog',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers({ ...parts, search }),
    loaders: () => createLoaders(store),
    log,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

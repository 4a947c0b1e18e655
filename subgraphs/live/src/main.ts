import { runProjection } from '@stoa/platform/projection'
import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { openLiveTail } from './live-tail.ts'
import { createLoaders, type LiveLoaders } from './loaders.ts'
import { orderOwners } from './projections/order-owners.ts'
import { createResolvers } from './resolvers.ts'

/** What changes, as it happens: facts of the bus as subscriptions. */
export async function openLive(parts: SubgraphParts): Promise<Subgraph> {
  const { store, bus, clock, log, random } = parts
  await using stack = new AsyncDisposableStack()
  stack.use(await runProjection(parts, orderOwners))
  const tail = stack.use(await openLiveTail(bus))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<LiveLoaders>({
    name: 'live',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(tail),
    loaders: () => createLoaders(store, clock),
    log,
    random,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

import { runProjection } from '@stoa/platform/projection'
import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { createLoaders, type OrdersLoaders } from './loaders.ts'
import type { Ledger, Payments } from './ports.ts'
import { locationsProjection } from './projections/locations.ts'
import { pricesProjection } from './projections/prices.ts'
import { startReactions } from './reactions.ts'
import { createResolvers } from './resolvers.ts'

export interface OrdersPorts {
  readonly payments: Payments
  readonly ledger: Ledger
}

/** The subgraph on whatever stands behind its ports. */
export async function openOrdersOn(parts: Omit<SubgraphParts, 'env'>, ports: OrdersPorts): Promise<Subgraph> {
  const { store, log, random } = parts
  await using stack = new AsyncDisposableStack()
  stack.use(await runProjection(parts, pricesProjection))
  stack.use(await runProjection(parts, locationsProjection))
  stack.use(await startReactions({ ...parts, ...ports }))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<OrdersLoaders>({
    name: 'orders',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(parts),
    loaders: () => createLoaders(store),
    log,
    random,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

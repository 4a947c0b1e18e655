import { createWmsClient } from '@stoa/adapter-wms/client'
import { requireConfig } from '@stoa/platform/config'
import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { readTypeDefs } from '@stoa/schema/sdl'
import { z } from 'zod'
import { startHoldSweep } from './hold-sweep.ts'
import { createLoaders, type InventoryLoaders } from './loaders.ts'
import { createLocationBook } from './location-book.ts'
import { startReactions } from './reactions.ts'
import { createResolvers } from './resolvers.ts'

const config = z.object({
  WMS_URL: z.url({ protocol: /^https?$/ }).meta({ example: 'http://127.0.0.1:4103' }),
})

/** Stock: where it is, what may be promised of it, and who holds it. */
export async function openInventory(parts: SubgraphParts): Promise<Subgraph> {
  const { store, clock, log, env } = parts
  const { WMS_URL: url } = requireConfig(config, env)
  await using stack = new AsyncDisposableStack()
  const warehouse = stack.use(createWmsClient({ url, log, clock }))
  const locations = createLocationBook(store, clock)
  stack.use(await startReactions({ ...parts, locations, warehouse }))
  stack.use(startHoldSweep(parts))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<InventoryLoaders>({
    name: 'inventory',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers(parts),
    loaders: () => createLoaders(store, locations),
    log,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

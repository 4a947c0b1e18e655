import { createNotificationClient } from '@stoa/adapter-notification/client'
import { requireConfig } from '@stoa/platform/config'
import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { createSubgraph } from '@stoa/platform/subgraph-server'
import { subscribeAll } from '@stoa/platform/subscribe-all'
import { readTypeDefs } from '@stoa/schema/sdl'
import { z } from 'zod'
import { type CustomerLoaders, createLoaders } from './loaders.ts'
import { importedContacts } from './projections/order-contacts.ts'
import { notify } from './reactions.ts'
import { createResolvers } from './resolvers.ts'

const configSchema = z.object({
  NOTIFICATION_URL: z.url({ protocol: /^https?$/ }).meta({ example: 'https://messages.example.test' }),
})

/** Who the customers are: profile, addresses, consent; and what they hear about their orders. */
export async function openCustomer(parts: SubgraphParts): Promise<Subgraph> {
  const { store, bus, clock, random, log } = parts
  const config = requireConfig(configSchema, parts.env)
  await using stack = new AsyncDisposableStack()
  const messenger = stack.use(createNotificationClient({ url: config.NOTIFICATION_URL, log, clock }))
  const consumers = [importedContacts(store), notify({ store, clock, random, messenger })]
  stack.use(await subscribeAll(bus, consumers))
  let open: AsyncDisposableStack | undefined
  const subgraph = await createSubgraph<CustomerLoaders>({
    name: 'customer',
    typeDefs: readTypeDefs(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers({ store, clock, random }),
    loaders: () => createLoaders(store),
    log,
    random,
    close: async () => open?.disposeAsync(),
  })
  open = stack.move()
  return subgraph
}

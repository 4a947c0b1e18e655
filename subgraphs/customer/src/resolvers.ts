import { requireScope } from '@stoa/platform/access'
import { Fault } from '@stoa/platform/fault'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { globalId, keyOf } from '@stoa/platform/id'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import type { CustomerLoaders } from './loaders.ts'
import { maySee } from './may-see.ts'
import { createMutations } from './mutations.ts'
import type { StoredCustomer } from './store/customer-rows.ts'

type Context = ResolverContext<CustomerLoaders>

interface CustomerReference {
  readonly id?: string
  readonly customerId?: string
}

export function createResolvers(ports: CommandPorts): SubgraphOptions<CustomerLoaders>['resolvers'] {
  return {
    Query: {
      me: (_: unknown, _args: unknown, { request: { principal }, loaders }: Context) =>
        principal.kind === 'customer' ? loaders.customers.load(principal.customerId) : null,
      customer(
        _: unknown,
        { customerId }: { customerId: string },
        { request: { principal }, loaders }: Context,
      ) {
        if (!maySee(principal, customerId)) requireScope(principal, 'customers:read')
        return loaders.customers.load(customerId)
      },
    },
    Mutation: { ...createMutations(ports) },
    Customer: customer,
  }
}

const customer = {
  async __resolveReference(reference: CustomerReference, { request: { principal }, loaders }: Context) {
    const customerId = reference.customerId ?? readId(reference.id)
    return maySee(principal, customerId) ? await loaders.customers.load(customerId) : null
  },
  id: ({ customer }: StoredCustomer) => globalId('customer', 'Customer', customer.customerId),
  customerId: ({ customer }: StoredCustomer) => customer.customerId,
  name: ({ customer }: StoredCustomer) => customer.name,
  email: ({ customer }: StoredCustomer) => customer.email,
  language: ({ customer }: StoredCustomer) => customer.language,
  addresses: ({ customer }: StoredCustomer) => customer.addresses,
  marketingConsent: ({ customer }: StoredCustomer) => customer.marketingConsent,
}

function readId(id: string | undefined): string {
  const key = keyOf('customer', 'Customer', id ?? '')
  if (key.ok) return key.value
  throw new Fault('BAD_REQUEST', key.error.message)
}

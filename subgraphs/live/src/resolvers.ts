import { Fault } from '@stoa/platform/fault'
import { keyOf, parseOrderId, parseSku } from '@stoa/platform/id'
import type { Principal, ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import type { Changes } from './changes.ts'
import { mayHear, type Viewer } from './domain/order-owner.ts'
import type { LiveTail, Topic } from './live-tail.ts'
import type { LiveLoaders } from './loaders.ts'

type Context = ResolverContext<LiveLoaders>

/** Each event is the key of what changed; what there is to know of it is asked of whoever owns it. */
export function createResolvers(tail: LiveTail): SubgraphOptions<LiveLoaders>['resolvers'] {
  return {
    Subscription: {
      orderChanged: {
        subscribe: (_: unknown, { orderId }: { orderId: string }, context: Context) =>
          listenToOrder(tail, readOrderId(orderId), context),
        resolve: (topic: Topic) => ({ orderId: keyIn(topic) }),
      },
      availabilityChanged: {
        subscribe: (_: unknown, { skus }: { skus: readonly string[] }) =>
          tail.listen(readSkus(skus).map((sku): Topic => `sku ${sku}`)),
        resolve: (topic: Topic) => ({ sku: keyIn(topic) }),
      },
    },
  }
}

/** Listens first: what happens while it is looked up whose the order is must not be missed. */
async function listenToOrder(
  tail: LiveTail,
  orderId: string,
  { request, loaders }: Context,
): Promise<Changes<Topic>> {
  const changes = tail.listen([`order ${orderId}`])
  try {
    const owner = await loaders.owner(orderId)
    if (owner && mayHear(viewerOf(request.principal), owner)) return changes
    // The same for both: that an order is there is nobody else's business.
    throw new Fault('NOT_FOUND', `There is no order ${orderId} that you may see. Check the id, or sign in.`)
  } catch (reason) {
    await changes.return()
    throw reason
  }
}

function viewerOf(principal: Principal): Viewer {
  return {
    customerId: principal.kind === 'customer' ? principal.customerId : undefined,
    readsAll: principal.kind === 'operator' && principal.scopes.includes('orders:read'),
  }
}

function keyIn(topic: Topic): string {
  return topic.slice(topic.indexOf(' ') + 1)
}

function readOrderId(id: string): string {
  const key = keyOf('orders', 'Order', id)
  const orderId = key.ok ? parseOrderId(key.value) : key
  if (orderId.ok) return orderId.value
  throw new Fault('BAD_REQUEST', orderId.error.message)
}

const MOST_SKUS = 100

function readSkus(skus: readonly string[]): readonly string[] {
  const different = [...new Set(skus)]
  if (different.length === 0 || different.length > MOST_SKUS)
    throw new Fault('BAD_REQUEST', `Expected 1 to ${MOST_SKUS} different SKUs, got ${different.length}.`)
  return different.map((sku) => {
    const parsed = parseSku(sku)
    if (parsed.ok) return parsed.value
    throw new Fault('BAD_REQUEST', parsed.error.message)
  })
}

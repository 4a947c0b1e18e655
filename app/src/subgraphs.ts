import { openCatalog } from '@stoa/catalog/subgraph'
import { openCustomer } from '@stoa/customer/subgraph'
import { openInventory } from '@stoa/inventory/subgraph'
import { openLive } from '@stoa/live/subgraph'
import { openOrders } from '@stoa/orders/subgraph'
import type { EventStore } from '@stoa/platform/event-store'
import { startRelay } from '@stoa/platform/relay'
import type { Subgraph, SubgraphParts } from '@stoa/platform/subgraph'
import { openRecommendation } from '@stoa/recommendation/subgraph'
import { openAll } from './open-all.ts'

export type SubgraphName = 'catalog' | 'inventory' | 'orders' | 'customer' | 'recommendation' | 'live'
export type Stores = Readonly<Record<SubgraphName, EventStore>>

/** The only list that knows all subgraphs. */
const openers: Readonly<Record<SubgraphName, (parts: SubgraphParts) => Promise<Subgraph>>> = {
  catalog: openCatalog,
  inventory: openInventory,
  orders: openOrders,
  customer: openCustomer,
  recommendation: openRecommendation,
  live: openLive,
}

export const subgraphNames: readonly SubgraphName[] = [
  'catalog',
  'inventory',
  'orders',
  'customer',
  'recommendation',
  'live',
]

/** Without the relay: for where another process tells the bus what was recorded. */
export async function openSubgraph(name: SubgraphName, parts: SubgraphParts): Promise<Subgraph> {
  return await openers[name](parts)
}

/** A subgraph with the relay that tells the bus what it recorded. */
export async function runSubgraph(name: SubgraphName, parts: SubgraphParts): Promise<Subgraph> {
  await using opening = new AsyncDisposableStack()
  const log = parts.log.child({ subgraph: name })
  const subgraph = opening.use(await openSubgraph(name, { ...parts, log }))
  opening.use(await startRelay({ store: parts.store, bus: parts.bus, source: name, log }))
  const opened = opening.move()
  return { ...subgraph, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Opens all of them on their stores, in one process, each for `owner` to close. */
export async function runSubgraphs(
  owner: AsyncDisposableStack,
  stores: Stores,
  parts: Omit<SubgraphParts, 'store'>,
): Promise<readonly Subgraph[]> {
  return await openAll(
    owner,
    subgraphNames.map((name) => runSubgraph(name, { ...parts, store: stores[name] })),
  )
}

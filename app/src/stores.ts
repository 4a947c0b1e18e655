import type { DemoData } from './demo-data/generate.ts'
import type { Engines } from './engines.ts'
import { openAll } from './open-all.ts'
import { type Seeded, seedShop } from './seed.ts'
import { type Stores, subgraphNames } from './subgraphs.ts'

/** Each subgraph's own store, with the first data in it. */
export interface OpenStores extends AsyncDisposable {
  readonly stores: Stores
  /** Absent when there was no data to begin with. */
  readonly seeded?: Seeded
}

/** Opens all stores and takes in `data`, before anybody works on them. */
export async function openStores(engines: Engines, data?: DemoData): Promise<OpenStores> {
  await using opening = new AsyncDisposableStack()
  const opened = await openAll(
    opening,
    subgraphNames.map((name) => engines.store(name)),
  )
  // One entry for each name of the list, by construction.
  const stores = Object.fromEntries(subgraphNames.map((name, index) => [name, opened[index]])) as Stores
  const seeded = data ? { seeded: await seedShop(stores, data) } : {}
  const owner = opening.move()
  return { stores, ...seeded, [Symbol.asyncDispose]: () => owner.disposeAsync() }
}

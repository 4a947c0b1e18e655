import type { Clock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import type { EventStore } from '@stoa/platform/event-store'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Env, Subgraph } from '@stoa/platform/subgraph'
import type { DemoData } from './demo-data/generate.ts'
import { type Edge, type OpenState, openEdge } from './edge.ts'
import { type Engines, embeddedEngines } from './engines.ts'
import { openIdentity } from './identity.ts'
import { type Seeded, seedShop } from './seed.ts'
import { openSimulators, type Simulators, simulatorEnv } from './simulators.ts'
import { runSubgraphs, type Stores, subgraphNames } from './subgraphs.ts'
import { readVendorConfig } from './vendor-config.ts'

export interface ShopOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** 0 takes any free port. */
  readonly port: number
  /** Where data is kept; absent: in memory. */
  readonly persist?: string
  /** Which engines stand behind the ports. Default: the embedded ones. */
  readonly engines?: Engines
  /** What it begins with; taken in once, a kept shop is left as it is. Absent: nothing. */
  readonly data?: DemoData
  /** May name other vendors: PAYMENT_URL, WMS_URL, ERP_URL, NOTIFICATION_URL (all four), WEBHOOK_SECRET. */
  readonly env: Env
}

/** The whole shop in this process. */
export interface Shop extends AsyncDisposable {
  readonly url: string
  readonly edge: Edge
  readonly state: OpenState
  readonly bus: EventBus
  readonly stores: Stores
  readonly subgraphs: readonly Subgraph[]
  /** Absent when the environment names other vendors. */
  readonly simulators?: Simulators
  readonly seeded?: Seeded
}

/** Opens everything, in the order in which the parts need one another; whatever fails closes what was open. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  await using opening = new AsyncDisposableStack()
  const { clock, random, log } = options
  const vendors = readVendorConfig(options.env)
  const folder = options.persist === undefined ? {} : { folder: options.persist }
  const engines = options.engines ?? embeddedEngines({ clock, random, log, ...folder })
  const bus = opening.use(await engines.bus())
  const stores = await openStores((name) => engines.store(name), opening)
  const seeded = options.data ? await seedShop(stores, options.data) : undefined
  const identity = opening.use(
    await openIdentity({ clock, random, log, ...folder, customers: options.data?.customers ?? [] }),
  )
  const edge = opening.use(
    await openEdge({ clock, random, log, port: options.port, bus, identity, ...vendors }),
  )
  const simulators = vendors.named
    ? undefined
    : opening.use(
        await openSimulators({
          clock,
          random,
          log,
          ...folder,
          shopUrl: edge.url,
          secret: edge.webhookSecret,
        }),
      )
  const env = { ...options.env, ...(simulators ? simulatorEnv(simulators, edge.webhookSecret) : {}) }
  const subgraphs = await runSubgraphs(stores, { bus, clock, random, log, env })
  for (const subgraph of subgraphs) opening.use(subgraph)
  const state = await edge.open({
    sources: subgraphs.map((subgraph) => ({ name: subgraph.name, sdl: subgraph.sdl, client: subgraph })),
    simulators: simulators ? simulatorUrls(simulators) : [],
  })
  opening.defer(() => edge.drain())
  const opened = opening.move()
  return {
    url: edge.url,
    edge,
    state,
    bus,
    stores,
    subgraphs,
    ...(simulators ? { simulators } : {}),
    ...(seeded ? { seeded } : {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

export function simulatorUrls(
  simulators: Simulators,
): readonly { readonly name: string; readonly url: string }[] {
  const { payment, wms, erp, notification } = simulators
  return Object.entries({ payment, wms, erp, notification }).map(([name, { url }]) => ({ name, url }))
}

export async function openStores(
  open: (name: string) => Promise<EventStore>,
  owner: AsyncDisposableStack,
): Promise<Stores> {
  const opened = await Promise.all(
    subgraphNames.map(async (name) => [name, owner.use(await open(name))] as const),
  )
  // One entry for each name of the list above, by construction.
  return Object.fromEntries(opened) as Stores
}

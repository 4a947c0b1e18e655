import type { Clock } from '@stoa/platform/clock'
import type { EventBus } from '@stoa/platform/event-bus'
import type { Log } from '@stoa/platform/log'
import type { Random } from '@stoa/platform/random'
import type { Env, Subgraph } from '@stoa/platform/subgraph'
import { claimDataFolder } from './data-folder.ts'
import type { DemoData } from './demo-data/generate.ts'
import { type Edge, type OpenState, openEdge } from './edge.ts'
import { type Engines, embeddedEngines } from './engines.ts'
import { lakePlaceOf } from './lake-place.ts'
import type { LakeParts } from './open-lake.ts'
import { portsBeside } from './ports.ts'
import type { Seeded } from './seed.ts'
import { addressEnv, openSimulators, type Simulators, simulatorUrls } from './simulators.ts'
import { openStores } from './stores.ts'
import { runSubgraphs, type Stores } from './subgraphs.ts'
import { readVendorConfig } from './vendor-config.ts'
import { openFront } from './workers/open-front.ts'

export interface ShopOptions {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** 0 takes any free port. */
  readonly port: number
  /** Where data is kept; absent: in memory. */
  readonly persist?: string
  /** Processes that answer the graph on that port. Default: 1, which is this one. */
  readonly workers?: number
  /** The folder or bucket (`s3://bucket/prefix`) where every event is kept as Parquet and JSON lines; absent: nowhere. */
  readonly lake?: string
  /** Which engines stand behind the ports; whoever opened them closes them. Default: the embedded ones. */
  readonly engines?: Engines
  /** What it begins with; taken in once, a kept shop is left as it is. Absent: nothing. */
  readonly data?: DemoData
  /** Whether documents are planned in a process of their own, which only they end. Default: no. */
  readonly isolatePlanner?: boolean
  /** May name other vendors: PAYMENT_URL, WMS_URL, ERP_URL, NOTIFICATION_URL (all four), WEBHOOK_SECRET. */
  readonly env: Env
}

/** The whole shop in this process. */
export interface Shop extends AsyncDisposable {
  readonly url: string
  /** Ports that were asked for and taken by somebody else. */
  readonly busy: readonly number[]
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
  const { clock, random, log, port, data, persist, workers = 1, isolatePlanner = false } = options
  const tools = { clock, random, log, ...(persist === undefined ? {} : { folder: persist }) }
  const { named, ...hooks } = readVendorConfig(options.env)
  if (persist !== undefined) opening.use(claimDataFolder(persist))
  const engines = options.engines ?? embeddedEngines(tools)
  const bus = opening.use(await engines.bus())
  opening.use(await keepLake(options, bus))
  const { stores, seeded } = opening.use(await openStores(engines, data))
  const customers = data?.customers ?? []
  const ports = portsBeside(port)
  const edge = opening.use(
    await openEdge({
      ...tools,
      ...hooks,
      isolatePlanner,
      port: workers > 1 ? 0 : port,
      ports,
      bus,
      customers,
    }),
  )
  const vendors = { shopUrl: edge.url, secret: edge.webhookSecret, ports }
  const simulators = named ? undefined : opening.use(await openSimulators({ ...tools, ...vendors }))
  const addresses = simulators ? simulatorUrls(simulators) : []
  const env = { ...options.env, ...engines.env, ...addressEnv(addresses), WEBHOOK_SECRET: edge.webhookSecret }
  const subgraphs = await runSubgraphs(opening, stores, { bus, clock, random, log, env })
  const state = await edge.open({
    sources: subgraphs.map((subgraph) => ({ name: subgraph.name, sdl: subgraph.sdl, client: subgraph })),
    simulators: addresses,
  })
  const front = workers > 1 ? await openFront({ workers, port, subgraphs, edge, state, log }) : undefined
  opening.defer(async () => void (await Promise.all([front?.[Symbol.asyncDispose](), edge.drain()])))
  const opened = opening.move()
  return {
    ...{ url: (front ?? edge).url, busy: (front ?? edge).busy, edge, state, bus, stores, subgraphs },
    ...(simulators ? { simulators } : {}),
    ...(seeded ? { seeded } : {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** What writes Parquet is loaded only where a lake is wanted. */
async function keepLake(
  { lake, clock, random, env }: ShopOptions,
  bus: LakeParts['bus'],
): Promise<AsyncDisposable | undefined> {
  if (lake === undefined) return undefined
  const { openLake } = await import('./open-lake.ts')
  return await openLake({ place: lakePlaceOf(lake, env), bus, clock, random })
}

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { type DemoOptions, generateDemoData } from '../demo-data/generate.ts'
import { embeddedEngines } from '../engines.ts'
import type { Seeded } from '../seed.ts'
import { addressEnv, type SimulatorAddress } from '../simulators.ts'
import { openStores } from '../stores.ts'
import { subgraphNames } from '../subgraphs.ts'
import { readVendorConfig } from '../vendor-config.ts'
import { type Child, startChild } from './child-process.ts'
import { listeningMessage, type OpenMessage, type ReadyMessage, readyMessage } from './messages.ts'

export interface SplitOptions {
  readonly log: Log
  /** 0 takes any free port. */
  readonly port: number
  /** Where data is kept; absent: in a folder that is removed at the end. */
  readonly persist?: string
  /** What it begins with; taken in once. Absent: nothing. */
  readonly demo?: DemoOptions
  /** May name other vendors, as for the shop in one process. */
  readonly env: Env
}

/** The shop as many processes: the edge, the simulators, and each subgraph. */
export interface SplitShop extends AsyncDisposable {
  readonly url: string
  /** Ports that were asked for and taken by somebody else. */
  readonly busy: readonly number[]
  readonly ready: ReadyMessage
  /** None when the environment names other vendors. */
  readonly simulators: readonly SimulatorAddress[]
  readonly children: readonly Child[]
  readonly seeded?: Seeded
}

/** Starts everything, in the order in which the parts need one another; whatever fails ends what was started. */
export async function openSplitShop(options: SplitOptions): Promise<SplitShop> {
  await using opening = new AsyncDisposableStack()
  const vendors = readVendorConfig(options.env)
  const folder = options.persist ?? (await temporaryFolder(opening))
  const seeded = await seedFolder(folder, options)
  const env = { ...options.env, ...commonEnv(folder, options) }
  const children: Child[] = []
  const begin: Begin = (role, more) => {
    const child = opening.use(startChild(role, { ...env, ...more }))
    children.push(child)
    return child
  }
  const edge = begin('edge', { STOA_PORT: String(options.port) })
  const { url, busy = [] } = await edge.next(listeningMessage)
  const simulators = vendors.named ? [] : await startSimulators(begin, url)
  const sources = await startSubgraphs(begin, addressEnv(simulators))
  edge.send({ type: 'open', sources, simulators } satisfies OpenMessage)
  const ready = await edge.next(readyMessage)
  const opened = opening.move()
  return {
    ...{ url, busy, ready, simulators, children },
    ...(seeded ? { seeded } : {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Starts a process in a role, with what it needs to know besides what everybody knows. */
type Begin = (role: string, more: Env) => Child

function commonEnv(folder: string, { env, demo }: SplitOptions): Env {
  return {
    STOA_FOLDER: folder,
    STOA_INTERNAL_SECRET: randomBytes(32).toString('hex'),
    STOA_LOG_LEVEL: 'warn',
    WEBHOOK_SECRET: env['WEBHOOK_SECRET'] ?? randomBytes(32).toString('hex'),
    ...(demo ? { STOA_DEMO: JSON.stringify(demo) } : {}),
  }
}

async function startSimulators(begin: Begin, shopUrl: string): Promise<readonly SimulatorAddress[]> {
  const { simulators } = await begin('simulators', { STOA_SHOP_URL: shopUrl }).next(listeningMessage)
  return simulators ?? []
}

async function startSubgraphs(begin: Begin, env: Env): Promise<OpenMessage['sources']> {
  const started = subgraphNames.map((name) => ({ name, child: begin(name, env) }))
  return await Promise.all(
    started.map(async ({ name, child }) => {
      const { url, sdl } = await child.next(listeningMessage)
      return { name, url, sdl: sdl ?? '' }
    }),
  )
}

async function temporaryFolder(owner: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-'))
  owner.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Before any process runs, so that nobody waits for a lock. */
async function seedFolder(folder: string, { demo, log }: SplitOptions): Promise<Seeded | undefined> {
  if (!demo) return undefined
  const engines = embeddedEngines({ folder, clock: systemClock, random: systemRandom, log })
  await using opened = await openStores(engines, generateDemoData(demo))
  return opened.seeded
}

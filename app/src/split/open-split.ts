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
import { type Seeded, seedShop } from '../seed.ts'
import { openStores } from '../shop.ts'
import { subgraphNames } from '../subgraphs.ts'
import { type Child, startChild } from './child-process.ts'
import { listeningMessage, type OpenMessage, type ReadyMessage, readyMessage } from './messages.ts'

export interface SplitOptions {
  readonly log: Log
  readonly port: number
  readonly persist?: string
  readonly demo?: DemoOptions
  readonly env: Env
}

/** The shop as many processes: the edge, the simulators, and each subgraph. */
export interface SplitShop extends AsyncDisposable {
  readonly url: string
  readonly busy: readonly number[]
  readonly ready: ReadyMessage
  readonly simulators: OpenMessage['simulators']
  readonly children: readonly Child[]
  readonly seeded?: Seeded
}

export async function openSplitShop(options: SplitOptions): Promise<SplitShop> {
  await using opening = new AsyncDisposableStack()
  const folder = options.persist ?? (await temporaryFolder(opening))
  const seeded = await seedFolder(folder, options)
  const children: Child[] = []
  const begin = (role: string, env: Env): Child => {
    const child = opening.use(startChild(role, { ...options.env, ...env }))
    children.push(child)
    return child
  }
  const common = {
    STOA_FOLDER: folder,
    STOA_INTERNAL_SECRET: randomBytes(32).toString('hex'),
    STOA_LOG_LEVEL: 'warn',
    WEBHOOK_SECRET: options.env['WEBHOOK_SECRET'] ?? randomBytes(32).toString('hex'),
    ...(options.demo ? { STOA_DEMO: JSON.stringify(options.demo) } : {}),
  }
  const edge = begin('edge', { ...common, STOA_PORT: String(options.port) })
  const { url, busy } = await edge.next(listeningMessage)
  const vendors = await begin('simulators', { ...common, STOA_SHOP_URL: url }).next(listeningMessage)
  const simulators = vendors.simulators ?? []
  const sources = await startSubgraphs(begin, { ...common, ...vendorEnv(simulators) })
  edge.send({ type: 'open', sources, simulators } satisfies OpenMessage)
  const ready = await edge.next(readyMessage)
  const opened = opening.move()
  return {
    url,
    busy: busy ?? [],
    ready,
    simulators,
    children,
    ...(seeded ? { seeded } : {}),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function startSubgraphs(
  begin: (role: string, env: Env) => Child,
  env: Env,
): Promise<OpenMessage['sources']> {
  const started = subgraphNames.map((name) => ({ name, child: begin(name, env) }))
  return await Promise.all(
    started.map(async ({ name, child }) => {
      const { url, sdl } = await child.next(listeningMessage)
      return { name, url, sdl: sdl ?? '' }
    }),
  )
}

function vendorEnv(simulators: OpenMessage['simulators']): Env {
  return Object.fromEntries(simulators.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]))
}

async function temporaryFolder(owner: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-'))
  owner.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Before any process runs, so that nobody waits for a lock. */
async function seedFolder(folder: string, { demo, log }: SplitOptions): Promise<Seeded | undefined> {
  if (!demo) return undefined
  await using opening = new AsyncDisposableStack()
  const engines = embeddedEngines({ folder, clock: systemClock, random: systemRandom, log })
  const stores = await openStores((name) => engines.store(name), opening)
  return await seedShop(stores, generateDemoData(demo))
}

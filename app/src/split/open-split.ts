import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { claimDataFolder } from '../data-folder.ts'
import { type DemoOptions, generateDemoData } from '../demo-data/generate.ts'
import { portsBeside, portsOf } from '../ports.ts'
import type { Seeded } from '../seed.ts'
import { addressEnv, type SimulatorAddress } from '../simulators.ts'
import { findServers, openEngines } from '../stacks/stack.ts'
import type { StackName } from '../stacks/stack-name.ts'
import { openStores } from '../stores.ts'
import { subgraphNames } from '../subgraphs.ts'
import { readVendorConfig } from '../vendor-config.ts'
import { type Child, startChild } from './child-process.ts'
import { keepPart, type Part } from './keep-part.ts'
import type { Kept } from './keep-running.ts'
import { listeningMessage, type OpenMessage, type ReadyMessage, readyMessage } from './messages.ts'

export interface SplitOptions {
  readonly log: Log
  /** 0 takes any free port. */
  readonly port: number
  /** Where data is kept; absent: in a folder that is removed at the end. */
  readonly persist?: string
  /** What it begins with; taken in once. Absent: nothing. */
  readonly demo?: DemoOptions
  /** Which engines stand behind the ports. Default: the embedded ones. */
  readonly stack?: StackName
  /** May name other vendors, as for the shop in one process, and the engines of the stack. */
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
  /** Each is started again when it ends. */
  readonly children: readonly Kept[]
  /** Resolves with what happened when one of them ends too often. */
  readonly broken: Promise<string>
  readonly seeded?: Seeded
  /** Where data is, when that is no folder. */
  readonly where?: string
}

/** Starts everything, in the order in which the parts need one another; whatever fails ends what was started. */
export async function openSplitShop(options: SplitOptions): Promise<SplitShop> {
  await using opening = new AsyncDisposableStack()
  const vendors = readVendorConfig(options.env)
  const folder = options.persist ?? (await temporaryFolder(opening))
  opening.use(claimDataFolder(folder))
  const servers = opening.use(await findServers(options.stack ?? 'embedded', options.env))
  const env = { ...servers.env, ...commonEnv(folder, options) }
  const seeded = await seed(folder, { ...options, env })
  const start: Start = async (role, more) => {
    const child = opening.use(startChild(role, { ...env, ...more }))
    return { child, more, told: await child.next(listeningMessage) }
  }
  const parts = await startParts(start, { port: options.port, simulated: !vendors.named })
  const { edge, simulators, ready } = parts
  const children = keepParts(opening, parts, { log: options.log, env })
  const opened = opening.move()
  return {
    ...{ url: edge.told.url, busy: edge.told.busy ?? [], ready, simulators, children },
    broken: Promise.race(children.map((child) => child.givenUp)),
    ...(seeded ? { seeded } : {}),
    ...(servers.where === undefined ? {} : { where: servers.where }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Starts a process in a role, with what it needs to know besides what everybody knows, and waits until it listens. */
type Start = (role: string, more: Env) => Promise<Part>

interface Parts {
  readonly edge: Part
  readonly behind: readonly Part[]
  readonly simulators: readonly SimulatorAddress[]
  readonly ready: ReadyMessage
}

async function startParts(
  start: Start,
  { port, simulated }: { readonly port: number; readonly simulated: boolean },
): Promise<Parts> {
  const edge = await start('edge', { STOA_PORT: String(port) })
  const vendors = simulated ? [await start('simulators', { STOA_SHOP_URL: edge.told.url })] : []
  const simulators = vendors.flatMap(({ told }) => told.simulators ?? [])
  const subgraphs = await Promise.all(subgraphNames.map((name) => start(name, addressEnv(simulators))))
  const sources = subgraphs.map(({ child, told }) => ({
    name: child.role,
    url: told.url,
    sdl: told.sdl ?? '',
  }))
  const open = async (child: Child): Promise<ReadyMessage> => {
    child.send({ type: 'open', sources, simulators } satisfies OpenMessage)
    return await child.next(readyMessage)
  }
  const ready = await open(edge.child)
  return { edge: { ...edge, open }, behind: [...vendors, ...subgraphs], simulators, ready }
}

/** From now on `owner` ends them, the edge first, and until then each is started again when it ends. */
function keepParts(
  owner: AsyncDisposableStack,
  { edge, behind, simulators, ready }: Parts,
  { log, env }: { readonly log: Log; readonly env: Env },
): readonly Kept[] {
  const ports = portsOf([...simulators, { name: 'issuer', url: ready.issuer }])
  const keep = { log, env: { ...env, STOA_PORTS: JSON.stringify(ports) } }
  const others = behind.map((part) => owner.use(keepPart(part, keep)))
  const children = [owner.use(keepPart(edge, keep)), ...others]
  owner.defer(() => {
    for (const child of children) child.letGo()
  })
  return children
}

function commonEnv(folder: string, { env, demo, port, stack = 'embedded' }: SplitOptions): Env {
  return {
    STOA_FOLDER: folder,
    STOA_STACK: stack,
    STOA_INTERNAL_SECRET: randomBytes(32).toString('hex'),
    STOA_LOG_LEVEL: 'warn',
    STOA_PORTS: JSON.stringify(portsBeside(port)),
    WEBHOOK_SECRET: env['WEBHOOK_SECRET'] ?? randomBytes(32).toString('hex'),
    ...(demo ? { STOA_DEMO: JSON.stringify(demo) } : {}),
  }
}

async function temporaryFolder(owner: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stoa-'))
  owner.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Before any process runs, so that nobody waits for a lock. */
async function seed(
  folder: string,
  { demo, log, env, stack = 'embedded' }: SplitOptions,
): Promise<Seeded | undefined> {
  if (!demo) return undefined
  const parts = { folder, clock: systemClock, random: systemRandom, log, env }
  await using engines = await openEngines(stack, parts)
  await using opened = await openStores(engines, generateDemoData(demo))
  return opened.seeded
}

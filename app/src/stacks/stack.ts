import { Fault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'
import { type EngineParts, type Engines, embeddedEngines } from '../engines.ts'
import type { StackName } from './stack-name.ts'

/** The variables that name a stack's engines; none of them set means: start some on this machine. */
const NAMES: Readonly<Record<StackName, readonly string[]>> = {
  embedded: [],
  open: ['DATABASE_URL', 'KAFKA_BROKERS', 'GRAPH_URL'],
  aws: ['STOA_PREFIX'],
}

/** Where a stack's engines are. */
export interface StackServers extends AsyncDisposable {
  /** The environment with every variable that the engines are opened by. */
  readonly env: Env
  /** For the start block: where data is, and for how long. Absent: embedded. */
  readonly where?: string
}

/**
 * Those that the environment names, else servers started here that end with this program. Throws BAD_CONFIG where this
 * machine lacks what they need.
 */
export async function findServers(stack: StackName, env: Env): Promise<StackServers> {
  if (stack === 'embedded') return { env, ...nothingToClose }
  const isNamed = NAMES[stack].some((name) => env[name] !== undefined)
  if (isNamed) return { env, where: `in the ${stack} stack that the environment names`, ...nothingToClose }
  // Only who tries a stack on a laptop needs to load what starts servers.
  const { startAwsServers, startOpenServers, whyNoServers } = await import('./local-servers.ts')
  const whyNot = whyNoServers(stack)
  if (whyNot !== undefined) {
    const advice = `Install it, or name engines of your own by ${NAMES[stack].join(', ')}.`
    throw new Fault('BAD_CONFIG', `--stack ${stack}: its servers cannot run here: ${whyNot}. ${advice}`)
  }
  const local = await (stack === 'aws' ? startAwsServers() : startOpenServers())
  const names = Object.keys(local.servers).join(', ')
  return {
    env: { ...env, ...local.env },
    where: `in the ${stack} stack on local servers (${names}): gone when it stops`,
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  }
}

const nothingToClose = { [Symbol.asyncDispose]: async () => {} }

/** Clients are loaded only for the stack that needs them: the embedded one starts as fast as before. */
export async function openEngines(
  stack: StackName,
  parts: EngineParts & { readonly env: Env },
): Promise<Engines> {
  if (stack === 'open') return (await import('./open-engines.ts')).openOpenEngines(parts)
  if (stack === 'aws') return (await import('./aws-engines.ts')).openAwsEngines(parts)
  return embeddedEngines(parts)
}

import { systemClock } from '@stoa/platform/clock'
import { requireConfig } from '@stoa/platform/config'
import { Fault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { untilStopped } from '@stoa/platform/until-stopped'
import { z } from 'zod'
import { openEngines } from '../stacks/stack.ts'
import { stackNames } from '../stacks/stack-name.ts'
import { type SubgraphName, subgraphNames } from '../subgraphs.ts'
import { openLog } from '../terminal-log.ts'
import { type Invocation, refuseInvocations, serveInvocations } from './lambda-runtime.ts'
import { checkMovable, type ReactionsReport, runReactions } from './reactions.ts'

const forReactions = z.object({
  STOA_STACK: z.enum(stackNames).default('aws').meta({ example: 'aws' }),
  STOA_FOLDER: z.string().exactOptional().meta({ example: '/data' }),
  STOA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').meta({ example: 'info' }),
  /** How long nothing must come before it ends. */
  STOA_QUIET_SECONDS: z.coerce.number().min(1).max(600).default(5).meta({ example: '5' }),
  /** How long it may run where nobody else says. */
  STOA_RUN_SECONDS: z.coerce.number().min(1).max(86_400).default(50).meta({ example: '50' }),
  /** Set by Lambda. */
  AWS_LAMBDA_RUNTIME_API: z.string().exactOptional().meta({ example: '127.0.0.1:9001' }),
})

type Settings = z.output<typeof forReactions>

/** Before Lambda ends us: handlers get five seconds to end, then leases and progress are written. */
const CLOSING_MS = 12_000

/**
 * The reactions of one subgraph, without its part of the graph: once, until there is nothing more to do; or as a
 * function of AWS Lambda, where the environment names its runtime API, until it is told to stop.
 */
export async function serveReactions(subgraph: string, env: Env): Promise<void> {
  const { AWS_LAMBDA_RUNTIME_API: api } = env
  try {
    await serve(nameOf(subgraph), env)
  } catch (reason) {
    // An environment that failed before it asked for work is replaced sooner when it says so.
    if (api !== undefined) await refuseInvocations(api, reason).catch(() => {})
    throw reason
  }
}

async function serve(name: SubgraphName, env: Env): Promise<void> {
  const settings = requireConfig(forReactions, env)
  const { AWS_LAMBDA_RUNTIME_API: api, STOA_RUN_SECONDS: seconds } = settings
  const log = openLog(settings.STOA_LOG_LEVEL, `reactions-${name}`)
  const react = (until: number): Promise<ReactionsReport> => reactOnce(name, until, { settings, env, log })
  if (api === undefined) {
    await react(systemClock.now() + seconds * 1000)
    return
  }
  const stopping = new AbortController()
  const handle = ({ deadline, id, traceparent }: Invocation): Promise<ReactionsReport> => {
    log.debug({ requestId: id, traceparent }, 'invoked')
    return react(deadline - CLOSING_MS)
  }
  const serving = serveInvocations({ api, handle, signal: stopping.signal })
  await untilStopped(
    serving.then(
      () => 'ended',
      () => 'broken',
    ),
  )
  stopping.abort()
  await serving
}

interface Context {
  readonly settings: Settings
  readonly env: Env
  readonly log: Log
}

/** Opens everything anew: what is under way between two invocations would be frozen with its lease. */
async function reactOnce(
  name: SubgraphName,
  until: number,
  { settings, env, log }: Context,
): Promise<ReactionsReport> {
  const ports = { clock: systemClock, random: systemRandom, log }
  const { STOA_STACK: stack, STOA_FOLDER: folder, STOA_QUIET_SECONDS: quiet } = settings
  await using engines = await openEngines(stack, {
    ...ports,
    ...(folder === undefined ? {} : { folder }),
    env,
  })
  const tools = { ...ports, engines, env: { ...env, ...engines.env } }
  const report = await runReactions(name, { until, quietMs: quiet * 1000 }, tools)
  if (report.ended === 'elsewhere')
    log.error({ code: 'CONFLICT' }, 'Another process reacts. Set STOA_REACTIONS=elsewhere where it answers.')
  else log.info({ ...report }, 'reacted')
  return report
}

function nameOf(subgraph: string): SubgraphName {
  const name = subgraphNames.find((candidate) => candidate === subgraph)
  if (!name) {
    const known = subgraphNames.join(', ')
    throw new Fault('BAD_CONFIG', `Expected reactions of a subgraph (${known}), got "${subgraph}".`)
  }
  checkMovable(name)
  return name
}

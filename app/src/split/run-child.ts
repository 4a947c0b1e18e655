import { systemClock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { untilStopped } from '@stoa/platform/until-stopped'
import { z } from 'zod'
import { openEngines } from '../stacks/stack.ts'
import { stackNames } from '../stacks/stack-name.ts'
import { subgraphNames } from '../subgraphs.ts'
import { openLog } from '../terminal-log.ts'
import { type ChildParts, tellParent } from './child-parts.ts'
import { runEdgeChild } from './edge-child.ts'
import { portsMessage } from './messages.ts'
import { runSimulatorsChild } from './simulators-child.ts'
import { runSubgraphChild } from './subgraph-child.ts'

/** What every process of the split shop is handed by its parent. */
const childEnv = z.object({
  STOA_FOLDER: z.string(),
  STOA_INTERNAL_SECRET: z.string().min(32),
  STOA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']),
  WEBHOOK_SECRET: z.string().min(32),
  STOA_PORT: z.coerce.number().default(0),
  STOA_PORTS: z.string(),
  STOA_STACK: z.enum(stackNames),
})

/** Runs one role until told to stop, or until the parent is gone. Answers the exit code. */
export async function runChild(role: string, env: Env): Promise<number> {
  try {
    const config = childEnv.parse(env)
    const log = openLog(config.STOA_LOG_LEVEL, role)
    const tools = { clock: systemClock, random: systemRandom, log }
    await using engines = await openEngines(config.STOA_STACK, { ...tools, env, folder: config.STOA_FOLDER })
    const parts = {
      ...tools,
      engines,
      env: { ...env, ...engines.env },
      folder: config.STOA_FOLDER,
      secret: config.STOA_INTERNAL_SECRET,
      webhookSecret: config.WEBHOOK_SECRET,
      port: config.STOA_PORT,
      ports: portsMessage.parse(JSON.parse(config.STOA_PORTS)),
    }
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
    await using _running = await startRole(role, parts)
    await untilStopped()
    return 0
  } catch (reason) {
    const { code, message } = toFault(reason)
    tellParent({ type: 'failed', code, message })
    return 1
  } finally {
    if (process.connected) process.disconnect?.()
  }
}

async function startRole(role: string, parts: ChildParts): Promise<AsyncDisposable> {
  if (role === 'edge') return await runEdgeChild(parts)
  if (role === 'simulators') return await runSimulatorsChild(parts)
  const name = subgraphNames.find((candidate) => candidate === role)
  if (name) return await runSubgraphChild(name, parts)
  throw new Fault(
    'BAD_CONFIG',
    `Expected a role (edge, simulators, ${subgraphNames.join(', ')}), got "${role}".`,
  )
}

import { systemClock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { untilStopped } from '@stoa/platform/until-stopped'
import { openEngines } from '../stacks/stack.ts'
import { subgraphNames } from '../subgraphs.ts'
import { openLog } from '../terminal-log.ts'
import { openGatewayService } from './gateway-service.ts'
import { openLakeService } from './lake-service.ts'
import { serveReactions } from './reactions-role.ts'
import {
  type ProcessConfig,
  readGatewayConfig,
  readLakeConfig,
  readSubgraphConfig,
} from './service-config.ts'
import type { RunningService, ServiceTools } from './service-parts.ts'
import { openSubgraphService } from './subgraph-service.ts'

/**
 * One service of the shop in a container: the gateway, the lake, or a subgraph by its name. Runs until it is told to stop;
 * the reactions of a subgraph until there is nothing more to do. Answers the exit code; problems go to standard error.
 */
export async function runService({ role, of }: Role, env: Env): Promise<number> {
  // While parts open, nothing else may be there to keep the process alive: pauses between tries do not.
  const alive = setInterval(() => {}, 60_000)
  try {
    if (role === 'reactions') {
      await serveReactions(of, env)
      return 0
    }
    const { config, open } = chooseService(role, env)
    const log = openLog(config.logLevel, role)
    const ports = { clock: systemClock, random: systemRandom, log }
    const folder = config.folder === undefined ? {} : { folder: config.folder }
    await using engines = await openEngines(config.stack, { ...ports, ...folder, env })
    await using service = await open({ ...ports, engines, env: { ...env, ...engines.env } })
    log.info({ url: service.url, stack: config.stack }, 'ready')
    await untilStopped()
    log.info({}, 'stopping')
    return 0
  } catch (reason) {
    const { code, message } = toFault(reason)
    process.stderr.write(`${JSON.stringify({ event: 'failed', role, code, message })}\n`)
    return 1
  } finally {
    clearInterval(alive)
  }
}

/** What the image is told to be: `orders`, or `reactions` of `orders`. */
export interface Role {
  readonly role: string
  readonly of: string
}

interface Chosen {
  readonly config: ProcessConfig
  readonly open: (tools: ServiceTools) => Promise<RunningService>
}

function chooseService(role: string, env: Env): Chosen {
  if (role === 'gateway') {
    const config = readGatewayConfig(env)
    return { config, open: (tools) => openGatewayService(config, tools) }
  }
  if (role === 'lake') {
    const config = readLakeConfig(env)
    return { config, open: (tools) => openLakeService(config, tools) }
  }
  const name = subgraphNames.find((candidate) => candidate === role)
  if (!name) {
    const roles = ['gateway', 'lake', 'reactions', ...subgraphNames].join(', ')
    throw new Fault('BAD_CONFIG', `Expected a role (${roles}), got "${role}".`)
  }
  const config = readSubgraphConfig(env)
  return { config, open: (tools) => openSubgraphService(name, config, tools) }
}

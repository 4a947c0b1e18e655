import { type Clock, systemClock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { connectGraph } from '@stoa/recommendation/connect-graph'
import { exportGraph, type Moved } from '@stoa/recommendation/export-graph'
import { readGraphConfig } from '@stoa/recommendation/graph-config'
import { readGraphPages } from '@stoa/recommendation/graph-pages'
import { readGraphRows } from '@stoa/recommendation/graph-rows'
import { importGraph } from '@stoa/recommendation/import-graph'
import { complain, explain } from '../complain.ts'
import { requireShop } from '../existing-shop.ts'
import { openEngines } from '../stacks/stack.ts'
import { openLog } from '../terminal-log.ts'
import { type GraphOptions, graphHelp, parseGraphOptions } from './options.ts'

/** `npm run graph`: moves the recommendation graph from one engine to another, by files. Answers the exit code. */
export async function runGraphCommand(args: readonly string[], env: Env): Promise<number> {
  const options = parseGraphOptions(args)
  if (!options.ok) return complain(options.error, 'The graph was not moved.')
  if (options.value === 'help') {
    process.stdout.write(graphHelp)
    return 0
  }
  try {
    const line = await carryOut(options.value, env)
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return 0
  } catch (reason) {
    return complain(explain(toFault(reason)), BROKEN_OFF[options.value.command])
  }
}

const BROKEN_OFF = {
  export: 'The graph was not exported whole. Start over: the same command begins anew.',
  import: 'The graph was not imported whole. Start over: what is there already stays as it is.',
}

const tools = { clock: systemClock, random: systemRandom }

async function carryOut(options: GraphOptions, env: Env): Promise<object> {
  const tell = progress(systemClock)
  if (options.command === 'import') {
    await using connection = await connect(env)
    return { event: 'imported', from: options.from, ...(await importGraph(connection, options.from, tell)) }
  }
  const { to, persist } = options
  if (persist === undefined) {
    await using connection = await connect(env)
    return { event: 'exported', to, ...(await exportGraph(readGraphPages(connection), to, tell)) }
  }
  requireShop(persist)
  await using engines = await openEngines('embedded', {
    ...tools,
    log: openLog('warn'),
    folder: persist,
    env,
  })
  await using store = await engines.store('recommendation')
  await using bus = await engines.bus()
  return { event: 'exported', to, ...(await exportGraph(readGraphRows({ store, bus }), to, tell)) }
}

/** A page may take longer than what a customer waits for. */
const CALL_WITHIN_MS = 60_000

async function connect(env: Env): ReturnType<typeof connectGraph> {
  const config = readGraphConfig(env)
  if (config)
    return await connectGraph(config, { ...tools, log: openLog('warn'), callWithinMs: CALL_WITHIN_MS })
  const expected =
    'expected the WebSocket URL of a graph database, or --persist SHOP to export from an embedded one'
  throw new Fault('BAD_CONFIG', `GRAPH_URL: ${expected}; got nothing.`)
}

const TELL_EVERY_MS = 2_000

/** A line now and then. */
function progress(clock: Clock): (moved: Moved) => void {
  let next = clock.now() + TELL_EVERY_MS
  return ({ vertices, edges }) => {
    if (clock.now() < next) return
    next = clock.now() + TELL_EVERY_MS
    process.stderr.write(
      `${vertices.toLocaleString('en')} vertices, ${edges.toLocaleString('en')} edges so far\n`,
    )
  }
}

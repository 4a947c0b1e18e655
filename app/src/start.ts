import { resolve } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { readBeginning } from './beginning.ts'
import { generateDemoData } from './demo-data/generate.ts'
import { describeEdge } from './edge.ts'
import type { StartOptions } from './options.ts'
import { type OpenedShop, runProgram, type StartRequest } from './run-program.ts'
import { openShop } from './shop.ts'
import { findServers, openEngines } from './stacks/stack.ts'
import { openLog } from './terminal-log.ts'

/** `npm start`: the shop in this process. Answers the exit code. */
export function start(request: StartRequest): Promise<number> {
  return runProgram(request, open)
}

async function open(options: StartOptions, env: Env): Promise<OpenedShop> {
  await using opening = new AsyncDisposableStack()
  const { port, workers, stack } = options
  const { demo, notes, remember } = readBeginning(options)
  const persist = options.persist === undefined ? {} : { persist: resolve(options.persist) }
  const tools = { clock: systemClock, random: systemRandom, log: openLog('info') }
  const servers = opening.use(await findServers(stack, env))
  const folder = persist.persist === undefined ? {} : { folder: persist.persist }
  const engines = opening.use(await openEngines(stack, { ...tools, ...folder, env: servers.env }))
  const lake = options.lake === undefined ? {} : { lake: options.lake }
  const data = demo ? { data: generateDemoData(demo) } : {}
  const shop = opening.use(
    await openShop({
      ...tools,
      ...persist,
      ...lake,
      ...data,
      port,
      workers,
      engines,
      isolatePlanner: true,
      env,
    }),
  )
  remember()
  const { url, busy, edge, state } = shop
  const opened = opening.move()
  return {
    facts: {
      ...{ url, busy, workers, notes, simulators: state.simulators, ...describeEdge(edge, state) },
      ...(shop.seeded ? { seeded: shop.seeded } : {}),
      ...(servers.where === undefined ? {} : { where: servers.where }),
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

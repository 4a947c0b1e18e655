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
import { openLog } from './terminal-log.ts'

/** `npm start`: the shop in this process. Answers the exit code. */
export function start(request: StartRequest): Promise<number> {
  return runProgram(request, open)
}

async function open(options: StartOptions, env: Env): Promise<OpenedShop> {
  const { persist } = options
  const { demo, notes, remember } = readBeginning(options)
  const shop = await openShop({
    clock: systemClock,
    random: systemRandom,
    log: openLog('info'),
    port: options.port,
    workers: options.workers,
    isolatePlanner: true,
    env,
    ...(persist === undefined ? {} : { persist: resolve(persist) }),
    ...(demo ? { data: generateDemoData(demo) } : {}),
  })
  remember()
  const { url, busy, edge, state } = shop
  const { workers } = options
  return {
    facts: {
      ...{ url, busy, workers, notes, simulators: state.simulators, ...describeEdge(edge, state) },
      ...(shop.seeded ? { seeded: shop.seeded } : {}),
    },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  }
}

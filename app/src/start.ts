import { resolve } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import { createLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { generateDemoData } from './demo-data/generate.ts'
import { describeEdge } from './edge.ts'
import type { StartOptions } from './options.ts'
import { type OpenedShop, runProgram, type StartRequest } from './run-program.ts'
import { openShop } from './shop.ts'

/** `npm start`: the shop in this process. Answers the exit code. */
export function start(request: StartRequest): Promise<number> {
  return runProgram(request, open)
}

async function open(options: StartOptions, env: Env): Promise<OpenedShop> {
  const shop = await openShop({
    clock: systemClock,
    random: systemRandom,
    log: createLog({ name: 'stoa', level: process.stdout.isTTY ? 'warn' : 'info' }),
    port: options.port,
    env,
    ...(options.persist === undefined ? {} : { persist: resolve(options.persist) }),
    ...(options.empty ? {} : { data: generateDemoData(options) }),
  })
  const { url, edge, state } = shop
  return {
    facts: {
      ...{ url, busy: edge.busy, simulators: state.simulators, ...describeEdge(edge, state) },
      ...(shop.seeded ? { seeded: shop.seeded } : {}),
    },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  }
}

import { resolve } from 'node:path'
import { createLog } from '@stoa/platform/log'
import type { Env } from '@stoa/platform/subgraph'
import type { StartOptions } from '../options.ts'
import { type OpenedShop, runProgram, type StartRequest } from '../run-program.ts'
import { openSplitShop } from './open-split.ts'

/** `npm run start:split`: the same shop, each subgraph a process of its own. Answers the exit code. */
export function startSplit(request: StartRequest): Promise<number> {
  return runProgram(request, open)
}

async function open(options: StartOptions, env: Env): Promise<OpenedShop> {
  const shop = await openSplitShop({
    log: createLog({ name: 'stoa', level: 'warn' }),
    port: options.port,
    env,
    ...(options.persist === undefined ? {} : { persist: resolve(options.persist) }),
    ...(options.empty ? {} : { demo: { scale: options.scale, seed: options.seed } }),
  })
  const { url, busy, simulators } = shop
  const { issuer, accounts, subgraphs, composeMs } = shop.ready
  return {
    facts: {
      ...{ url, busy, simulators, issuer, accounts, subgraphs, composeMs },
      ...(shop.seeded ? { seeded: shop.seeded } : {}),
    },
    broken: shop.broken,
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  }
}

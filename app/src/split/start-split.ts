import { resolve } from 'node:path'
import { Fault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'
import { readBeginning } from '../beginning.ts'
import type { StartOptions } from '../options.ts'
import { type OpenedShop, runProgram, type StartRequest } from '../run-program.ts'
import { openLog } from '../terminal-log.ts'
import { openSplitShop } from './open-split.ts'

/** `npm run start:split`: the same shop, each subgraph a process of its own. Answers the exit code. */
export function startSplit(request: StartRequest): Promise<number> {
  return runProgram({ ...request, command: 'npm run start:split' }, open)
}

async function open(options: StartOptions, env: Env): Promise<OpenedShop> {
  const { persist, workers, stack } = options
  if (workers > 1) throw new Fault('BAD_CONFIG', ALONE)
  if (options.lake !== undefined) throw new Fault('BAD_CONFIG', NO_LAKE)
  const { demo, notes, remember } = readBeginning(options)
  const shop = await openSplitShop({
    log: openLog('warn'),
    port: options.port,
    stack,
    env,
    ...(persist === undefined ? {} : { persist: resolve(persist) }),
    ...(demo ? { demo } : {}),
  })
  remember()
  const { url, busy, simulators } = shop
  const { issuer, accounts, subgraphs, composeMs } = shop.ready
  return {
    facts: {
      ...{ url, busy, notes, simulators, issuer, accounts, subgraphs, composeMs },
      ...(shop.seeded ? { seeded: shop.seeded } : {}),
      ...(shop.where === undefined ? {} : { where: shop.where }),
    },
    broken: shop.broken,
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  }
}

const NO_LAKE = '--lake: expected for npm start alone, which has the bus. Leave it out here.'
const ALONE = '--workers: expected for npm start alone, where all else is one process. Leave it out here.'

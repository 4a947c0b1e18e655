import { resolve } from 'node:path'
import { systemClock } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import { createLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Env } from '@stoa/platform/subgraph'
import { type Ready, readyBlock, readyLines } from './banner.ts'
import { complain, explain } from './complain.ts'
import { generateDemoData } from './demo-data/generate.ts'
import { firstAnswer } from './first-answer.ts'
import { helpText, parseStartOptions, type StartOptions } from './options.ts'
import { partnerKey } from './partner.ts'
import { openShop, type Shop, simulatorUrls } from './shop.ts'
import { untilStopped } from './stop.ts'
import { version } from './version.ts'

export interface StartRequest {
  readonly args: readonly string[]
  readonly env: Env
}

/** `npm start`: opens the shop, says what is here, runs until told to stop. Answers the exit code. */
export async function start(request: StartRequest): Promise<number> {
  const options = parseStartOptions(request.args)
  if (!options.ok) return complain(options.error)
  if (options.value.help) {
    process.stdout.write(helpText)
    return 0
  }
  try {
    await using shop = await open(options.value, request.env)
    const ready = await describe(shop, options.value)
    process.stdout.write(process.stdout.isTTY ? readyBlock(ready) : readyLines(ready))
    await untilStopped()
    return 0
  } catch (reason) {
    return complain(explain(toFault(reason)))
  }
}

async function open(options: StartOptions, env: Env): Promise<Shop> {
  return await openShop({
    clock: systemClock,
    random: systemRandom,
    log: createLog({ name: 'stoa', level: process.stdout.isTTY ? 'warn' : 'info' }),
    port: options.port,
    env,
    ...(options.persist === undefined ? {} : { persist: resolve(options.persist) }),
    ...(options.empty ? {} : { data: generateDemoData(options) }),
  })
}

async function describe(shop: Shop, options: StartOptions): Promise<Ready> {
  const { composed } = shop.state
  await firstAnswer(shop.url)
  return {
    version,
    url: shop.url,
    issuer: shop.edge.identity.issuer.url,
    subgraphs: composed.subgraphs,
    composeMs: composed.ms,
    busy: shop.edge.busy,
    simulators: shop.simulators ? simulatorUrls(shop.simulators) : [],
    accounts: shop.edge.identity.accounts.map(({ who, email, password }) => ({ who, email, password })),
    partnerKey,
    // The clock of `performance` starts with the process, so this is what the person at the keyboard waited.
    firstAnswerMs: performance.now(),
    ...(shop.seeded ? { seeded: shop.seeded } : {}),
    ...(options.persist === undefined ? {} : { persist: options.persist }),
  }
}

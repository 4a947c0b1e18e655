import { resolve } from 'node:path'
import { toFault } from '@stoa/platform/fault'
import { createLog } from '@stoa/platform/log'
import { readyBlock, readyLines } from '../banner.ts'
import { complain, explain } from '../complain.ts'
import { firstAnswer } from '../first-answer.ts'
import { helpText, parseStartOptions, type StartOptions } from '../options.ts'
import { partnerKey } from '../partner.ts'
import type { StartRequest } from '../start.ts'
import { untilStopped } from '../stop.ts'
import { version } from '../version.ts'
import { openSplitShop, type SplitShop } from './open-split.ts'

/** `npm run start:split`: the same shop, each subgraph a process of its own. */
export async function startSplit(request: StartRequest): Promise<number> {
  const options = parseStartOptions(request.args)
  if (!options.ok) return complain(options.error)
  if (options.value.help) {
    process.stdout.write(helpText)
    return 0
  }
  try {
    await using shop = await openSplitShop({ ...shopOptions(options.value), env: request.env })
    await firstAnswer(shop.url)
    say(shop, options.value)
    const ended = await Promise.race([untilStopped(), ...shop.children.map((child) => child.ended)])
    return ended === undefined ? 0 : complain([`${ended}. The others are stopped, too.`])
  } catch (reason) {
    return complain(explain(toFault(reason)))
  }
}

function shopOptions(options: StartOptions): Omit<Parameters<typeof openSplitShop>[0], 'env'> {
  return {
    log: createLog({ name: 'stoa', level: 'warn' }),
    port: options.port,
    ...(options.persist === undefined ? {} : { persist: resolve(options.persist) }),
    ...(options.empty ? {} : { demo: { scale: options.scale, seed: options.seed } }),
  }
}

function say(shop: SplitShop, options: StartOptions): void {
  const { issuer, accounts, subgraphs, composeMs } = shop.ready
  const ready = {
    version,
    url: shop.url,
    issuer,
    subgraphs,
    composeMs,
    busy: shop.busy,
    simulators: shop.simulators,
    accounts,
    partnerKey,
    firstAnswerMs: performance.now(),
    ...(shop.seeded ? { seeded: shop.seeded } : {}),
    ...(options.persist === undefined ? {} : { persist: options.persist }),
  }
  process.stdout.write(process.stdout.isTTY ? readyBlock(ready) : readyLines(ready))
}

import { toFault } from '@stoa/platform/fault'
import type { Env } from '@stoa/platform/subgraph'
import { untilStopped } from '@stoa/platform/until-stopped'
import { type Ready, readyBlock, readyLines } from './banner.ts'
import { complain, explain } from './complain.ts'
import { firstAnswer } from './first-answer.ts'
import { helpText, parseStartOptions, type StartOptions } from './options.ts'
import { partnerKey } from './partner.ts'
import { version } from './version.ts'

export interface StartRequest {
  readonly args: readonly string[]
  readonly env: Env
  /** How people call this program. Default: npm start. */
  readonly command?: string
}

/** An open shop as its program speaks of it, whether it is one process or many. */
export interface OpenedShop extends AsyncDisposable {
  readonly facts: Omit<Ready, 'version' | 'partnerKey' | 'persist' | 'firstAnswerMs'>
  /** Resolves with what happened when a part of it ends that should not. */
  readonly broken?: Promise<string>
}

/** Opens a shop, says what is here, runs until told to stop. Answers the exit code; problems go to standard error. */
export async function runProgram(
  request: StartRequest,
  open: (options: StartOptions, env: Env) => Promise<OpenedShop>,
): Promise<number> {
  const options = parseStartOptions(request.args)
  if (!options.ok) return complain(options.error)
  if (options.value.help) {
    process.stdout.write(helpText.replace('npm start', request.command ?? 'npm start'))
    return 0
  }
  try {
    await using shop = await open(options.value, request.env)
    await firstAnswer(shop.facts.url)
    const ready = describe(shop, options.value)
    process.stdout.write(process.stdout.isTTY ? readyBlock(ready) : readyLines(ready))
    const broken = await untilStopped(shop.broken)
    return broken === undefined ? 0 : complain([broken], 'Stoa cannot go on and stops.')
  } catch (reason) {
    return complain(explain(toFault(reason)))
  }
}

function describe({ facts }: OpenedShop, { persist }: StartOptions): Ready {
  return {
    version,
    ...facts,
    partnerKey,
    // The clock of `performance` starts with the process, so this is what the person at the keyboard waited.
    firstAnswerMs: performance.now(),
    ...(persist === undefined ? {} : { persist }),
  }
}

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
  // Whoever read the first lines may be gone by the last; that is no reason to end without closing.
  process.stdout.on('error', () => {})
  try {
    const code = await serve(await open(options.value, request.env), options.value)
    say('\n  Stopped.\n', 'stopped')
    return code
  } catch (reason) {
    return complain(explain(toFault(reason)))
  }
}

async function serve(opened: OpenedShop, options: StartOptions): Promise<number> {
  await using shop = opened
  await firstAnswer(shop.facts.url)
  const ready = describe(shop, options)
  process.stdout.write(process.stdout.isTTY ? readyBlock(ready) : readyLines(ready))
  const broken = await untilStopped(shop.broken)
  const code = broken === undefined ? 0 : complain([broken], 'Stoa cannot go on and stops.')
  say('\n  Stopping: requests under way have five seconds. Ctrl+C again ends it at once.', 'stopping')
  return code
}

/** To people in words, to programs as a line of JSON. */
function say(words: string, event: string): void {
  process.stdout.write(process.stdout.isTTY ? words : `${JSON.stringify({ event })}\n`)
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

import { once } from 'node:events'
import { toFault } from './fault.ts'
import type { Log } from './log.ts'
import { untilStopped } from './until-stopped.ts'
import { type FromWorker, readMessage, type ToWorker } from './worker-messages.ts'

/** What a worker does once it is open. */
export interface Working<Told, Facts> extends AsyncDisposable {
  facts(): Facts
  /** Does what it is told later on; whoever asked is answered with the facts then, or with why not. */
  obey?(told: Told): Promise<void> | void
}

/**
 * The worker's side of `startWorker`: opens with what it is told first, and works until it is told to stop. Answers
 * the exit code.
 */
export async function runWorker<Told, Facts>(
  log: Log,
  open: (told: Told) => Promise<Working<Told, Facts>>,
): Promise<number> {
  try {
    const [first] = await once(process, 'message')
    const message = readMessage<ToWorker<Told>>(first)
    if (message.type === 'stop') return 0
    const stopped = untilToldToStop()
    await using working = await open(message.told)
    process.on('message', (next) => void obey(working, readMessage<ToWorker<Told>>(next), log))
    answer<Facts>({ type: 'done', facts: working.facts() })
    await Promise.race([untilStopped(), stopped])
    return 0
  } catch (reason) {
    answer(failure(reason))
    return 1
  } finally {
    if (process.connected) process.disconnect?.()
  }
}

async function obey<Told, Facts>(
  working: Working<Told, Facts>,
  message: ToWorker<Told>,
  log: Log,
): Promise<void> {
  if (message.type === 'stop') return
  const isAsked = message.type === 'ask'
  try {
    await working.obey?.(message.told)
    if (isAsked) answer<Facts>({ type: 'done', facts: working.facts() })
  } catch (reason) {
    log.error({ err: reason }, 'a worker could not do what it was told')
    if (isAsked) answer(failure(reason))
  }
}

function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      if (readMessage<ToWorker<unknown>>(message).type === 'stop') resolve()
    })
  })
}

function failure(reason: unknown): FromWorker<never> {
  const { code, message } = toFault(reason)
  return { type: 'failed', code, message }
}

function answer<Facts>(message: FromWorker<Facts>): void {
  process.send?.(message)
}

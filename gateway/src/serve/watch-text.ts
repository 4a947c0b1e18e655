import { watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Log } from '@stoa/platform/log'

export interface WatchedText {
  readonly path: string
  /** What is known to be in it. */
  readonly text: string
  readonly log: Log
  /** Told of each other text, one at a time; must not reject. */
  onText(text: string): Promise<void>
  /** How often to look where the system tells of no change (network folders, swapped symbolic links). Default 2000. */
  readonly pollMs?: number
}

/** A file is taken as written when two readings this far apart agree. */
const SETTLE_MS = 100

/**
 * Follows a file however it changes: written in place, bit by bit, replaced by another, gone for a while. The folder
 * is watched, as editors and deployments put a new file in its place.
 */
export function watchText(watched: WatchedText): AsyncDisposable {
  const { path, log, pollMs = 2_000 } = watched
  const stop = new AbortController()
  let known = watched.text
  let looking: Promise<void> | undefined
  let again = false

  async function look(): Promise<void> {
    const text = await settledText(path, stop.signal)
    if (stop.signal.aborted || text === undefined || text === known) return
    known = text
    await watched.onText(text)
  }

  async function lookUntilQuiet(): Promise<void> {
    do {
      again = false
      await look()
    } while (again)
    looking = undefined
  }

  function onChange(): void {
    if (looking) again = true
    else if (!stop.signal.aborted) looking = lookUntilQuiet()
  }

  const events = watchFolder(path, onChange, log)
  const poll = pollFile(path, onChange, pollMs)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      events.close()
      clearInterval(poll)
      await looking
    },
  }
}

/** `undefined`: not there, or empty, as a file is between being opened and being written. */
async function settledText(path: string, signal: AbortSignal): Promise<string | undefined> {
  let before: string | undefined
  for (;;) {
    const now = await readFile(path, 'utf8').catch(() => '')
    if (now === before || signal.aborted) return now === '' ? undefined : now
    before = now
    await setTimeout(SETTLE_MS, undefined, { signal }).catch(() => {})
  }
}

function watchFolder(path: string, onChange: () => void, log: Log): { close(): void } {
  const giveUp = (reason: unknown): void =>
    log.warn({ err: reason, path }, 'changes of the file are found by looking now and then')
  try {
    return watch(dirname(path), { persistent: false }, onChange).on('error', giveUp)
  } catch (reason) {
    giveUp(reason)
    return { close: () => {} }
  }
}

function pollFile(path: string, onChange: () => void, pollMs: number): NodeJS.Timeout {
  let seen: string | undefined
  const look = async (): Promise<void> => {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    const now = `${ino} ${size} ${mtimeNs}`
    if (seen !== undefined && now !== seen) onChange()
    seen = now
  }
  // Gone for a while is no change; what is there afterwards may be one.
  const poll = (): void => void look().catch(() => {})
  poll()
  return setInterval(poll, pollMs).unref()
}

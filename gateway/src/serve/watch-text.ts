import { watch } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Clock, systemClock, type Timer } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'

export interface WatchedText {
  readonly path: string
  /** What is known to be in it. */
  readonly text: string
  readonly log: Log
  /** Told of each other text, one at a time; must not reject. */
  onText(text: string): Promise<void>
  /** Told once when there has been nothing to read for some seconds, and again when that changes; must not throw. */
  onMissing(why: Missing): void
  /** Default: the system's. */
  readonly clock?: Clock
  /** How often to look where the system tells of no change (network folders, swapped symbolic links). Default 2000. */
  readonly pollMs?: number
}

/** Why there is nothing to read. */
export type Missing = 'empty' | 'gone' | 'unreadable'

/** A file may be gone or empty for as long as it takes to write it. */
const MISSING_MS = 3_000

/** A file is taken as written when two readings this far apart agree. */
const SETTLE_MS = 100

/**
 * Follows a file however it changes: written in place, bit by bit, replaced by another, gone for a while. The folder
 * is watched, as editors and deployments put a new file in its place.
 */
export function watchText(watched: WatchedText): AsyncDisposable {
  const { path, log, pollMs = 2_000, clock = systemClock } = watched
  const stop = new AbortController()
  let known: string | undefined = watched.text
  let looking: Promise<void> | undefined
  let again = false
  let alarm: Timer | undefined
  let missingSince: number | undefined
  let told: Missing | undefined

  async function look(): Promise<void> {
    const { text, missing } = await settled(path, stop.signal)
    if (stop.signal.aborted) return
    if (missing) return lose(missing)
    alarm?.cancel()
    missingSince = undefined
    told = undefined
    if (text === known) return
    known = text
    await watched.onText(text)
  }

  function lose(missing: Missing): void {
    missingSince ??= clock.now()
    alarm?.cancel()
    const patientUntil = missingSince + MISSING_MS
    if (clock.now() < patientUntil) alarm = clock.schedule(patientUntil, onChange)
    else if (told !== missing) {
      told = missing
      // What was there before is news when it is there again.
      known = undefined
      watched.onMissing(missing)
    }
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
      alarm?.cancel()
      events.close()
      clearInterval(poll)
      await looking
      alarm?.cancel()
    },
  }
}

interface Reading {
  readonly text: string
  readonly missing?: Missing
}

async function settled(path: string, signal: AbortSignal): Promise<Reading> {
  let before: Reading | undefined
  for (;;) {
    const now = await read(path)
    if ((now.text === before?.text && now.missing === before.missing) || signal.aborted) return now
    before = now
    await setTimeout(SETTLE_MS, undefined, { signal }).catch(() => {})
  }
}

async function read(path: string): Promise<Reading> {
  try {
    const text = await readFile(path, 'utf8')
    return text === '' ? { text, missing: 'empty' } : { text }
  } catch (reason) {
    return { text: '', missing: codeOf(reason) === 'ENOENT' ? 'gone' : 'unreadable' }
  }
}

function codeOf(reason: unknown): unknown {
  return Error.isError(reason) && 'code' in reason ? reason.code : undefined
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
    const now = await stat(path, { bigint: true }).then(
      ({ ino, size, mtimeNs }) => `${ino} ${size} ${mtimeNs}`,
      (reason: unknown) => String(codeOf(reason)),
    )
    if (seen !== undefined && now !== seen) onChange()
    seen = now
  }
  const poll = (): void => void look()
  poll()
  return setInterval(poll, pollMs).unref()
}

import { type Clock, sleep } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import type { Child } from './child-process.ts'

/** A role of the split shop, whichever process fills it now. */
export interface Kept extends AsyncDisposable {
  readonly role: string
  /** Of the process that fills it now. */
  pid(): number | undefined
  /** Resolves with what happened when it ended so often that it is not started again. */
  readonly givenUp: Promise<string>
  /** From now on nothing is started again. */
  letGo(): void
}

export interface KeepParts {
  readonly clock: Clock
  readonly log: Log
  /** It serves already. */
  readonly child: Child
  /** Starts another one in its place. */
  readonly begin: () => Child
  /** Resolves once that one serves where the first one did. */
  readonly serves: (child: Child) => Promise<void>
}

const RESTARTS = 5
const WINDOW_MS = 60_000
const FIRST_WAIT_MS = 200

/** Starts a process again whenever it ends: at most five times a minute, each time after a longer wait. */
export function keepRunning(parts: KeepParts): Kept {
  const stopping = new AbortController()
  const givenUp = Promise.withResolvers<string>()
  const place: Place = { ...parts, signal: stopping.signal, restarts: [] }
  watch(place).then(givenUp.resolve, (reason: unknown) => {
    if (!stopping.signal.aborted) givenUp.resolve(toFault(reason).message)
  })
  return {
    role: place.child.role,
    pid: () => place.child.pid,
    givenUp: givenUp.promise,
    letGo: () => stopping.abort(),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await place.child[Symbol.asyncDispose]()
    },
  }
}

interface Place extends KeepParts {
  child: Child
  readonly signal: AbortSignal
  /** When, epoch milliseconds; those of the last minute. */
  restarts: number[]
}

/** Answers why it is not started once more; throws when nothing is to be started any more. */
async function watch(place: Place): Promise<string> {
  const { clock, log, signal } = place
  for (;;) {
    const how = await place.child.ended
    signal.throwIfAborted()
    place.restarts = place.restarts.filter((at) => at > clock.now() - WINDOW_MS)
    if (place.restarts.length >= RESTARTS)
      return `${how}, after ${RESTARTS} restarts within a minute. Its own output says why.`
    const waitMs = FIRST_WAIT_MS * 2 ** place.restarts.length
    log.warn({ waitMs }, `${how}. It is started again in ${waitMs / 1000} s; the others go on.`)
    await sleep(clock, waitMs, signal)
    place.restarts.push(clock.now())
    await replace(place)
  }
}

async function replace(place: Place): Promise<void> {
  const { log, signal } = place
  place.child = place.begin()
  const { role, pid } = place.child
  try {
    await place.serves(place.child)
    log.warn({ pid }, `${role} serves again.`)
  } catch (reason) {
    signal.throwIfAborted()
    log.warn({ err: toFault(reason) }, `${role} did not start again.`)
    await place.child[Symbol.asyncDispose]()
  }
}

import { type Clock, sleep } from './clock.ts'
import type { EventStore } from './event-store.ts'
import { Fault } from './fault.ts'
import type { Random } from './random.ts'

export interface RaceParts {
  readonly store: EventStore
  readonly clock: Clock
  readonly random: Random
}

/** With turns taken in this process only other processes are raced against: few, and each lost race has a winner. */
const MAX_TRIES = 12
/** So many tries follow at once; later ones pause, so that those who raced do not meet again. */
const EAGER_TRIES = 4
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200
/** Whoever would come behind so many others is turned away: they had better hear of it than wait. */
const MAX_WAITING = 1_000

/**
 * Lets one after the other change `what` (a stream, a row), in the order they came, and tries again when another
 * process was faster. `tryOnce` answers undefined when it lost. Throws OVERLOADED or CONFLICT, both retryable.
 */
export async function winRace<Won extends object>(
  parts: RaceParts,
  what: string,
  tryOnce: () => Promise<Won | undefined>,
): Promise<Won> {
  return await inTurn(parts.store, what, async () => {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      const won = await tryOnce()
      if (won) return won
      if (attempt >= EAGER_TRIES) await sleep(parts.clock, pause(attempt, parts.random))
    }
    throw new Fault('CONFLICT', `${what} changed ${MAX_TRIES} times while we decided. Try again.`)
  })
}

function pause(attempt: number, random: Random): number {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - EAGER_TRIES))
  return Math.ceil(random.next() * ceiling)
}

interface Queue {
  waiting: number
  last: Promise<unknown>
}

/** By store, so that two shops in one process do not wait for one another. */
const queues = new WeakMap<EventStore, Map<string, Queue>>()

async function inTurn<T>(store: EventStore, what: string, work: () => Promise<T>): Promise<T> {
  const ofStore = queues.getOrInsertComputed(store, () => new Map())
  const queue = ofStore.getOrInsertComputed(what, () => ({ waiting: 0, last: Promise.resolve() }))
  if (queue.waiting >= MAX_WAITING) {
    throw new Fault('OVERLOADED', `${queue.waiting} changes of ${what} wait already. Try again later.`)
  }
  queue.waiting += 1
  const turn = queue.last.then(work)
  queue.last = turn.catch(() => {})
  try {
    return await turn
  } finally {
    queue.waiting -= 1
    if (queue.waiting === 0) ofStore.delete(what)
  }
}

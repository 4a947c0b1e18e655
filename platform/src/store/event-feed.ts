import { type Clock, sleep } from '../clock.ts'
import type { RecordedEvent } from '../event.ts'
import type { FeedHandler } from '../event-store.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import { createDoorbell } from './doorbell.ts'

/** Where a feed reads. */
export interface FeedSource {
  /** From this consumer's checkpoint on. */
  open(consumer: string): FeedCursor
  /** How often to look without being woken; absent when every commit wakes. */
  readonly pollMs?: number
}

/** One consumer's place in the feed. */
export interface FeedCursor {
  /** The next batch, in order per stream; the same one again until `done`. Empty when there is nothing new. */
  read(): Promise<readonly RecordedEvent[]>
  /** The batch read last was handed on: the checkpoint moves behind it. */
  done(): Promise<void>
  /** Nobody reads here any more: another may take its place at once. */
  close?(): Promise<void>
}

export interface FeedHub extends AsyncDisposable {
  follow(consumer: string, handle: FeedHandler): AsyncDisposable
  /** Something was committed: whoever waits looks again. */
  wake(): void
  readonly followers: number
}

export interface FeedParts {
  readonly source: FeedSource
  readonly clock: Clock
  readonly log: Log
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** How long closing waits for a handler that is at work. */
const CLOSING_MS = 5000

/** Runs one loop per follower: read, hand on, move the checkpoint, wait to be woken. */
export function createFeedHub(parts: FeedParts): FeedHub {
  const running = new Set<Follower>()
  return {
    follow(consumer, handle) {
      const follower = startFollower(parts, consumer, handle)
      running.add(follower)
      return {
        [Symbol.asyncDispose]: async () => {
          running.delete(follower)
          await follower[Symbol.asyncDispose]()
        },
      }
    },
    wake() {
      for (const follower of running) follower.wake()
    },
    get followers() {
      return running.size
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((follower) => follower[Symbol.asyncDispose]()))
      running.clear()
    },
  }
}

interface Follower extends AsyncDisposable {
  wake(): void
}

function startFollower(parts: FeedParts, consumer: string, handle: FeedHandler): Follower {
  const stop = new AbortController()
  const doorbell = createDoorbell(parts.clock)
  const cursor = parts.source.open(consumer)
  const done = run()
  return {
    wake: doorbell.ring,
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('closed'))
      doorbell.ring()
      const late = new AbortController()
      await Promise.race([done, sleep(parts.clock, CLOSING_MS, late.signal)])
      late.abort(new Error('closed'))
    },
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!stop.signal.aborted) {
      try {
        await step()
        failures = 0
      } catch (reason) {
        failures += 1
        await pause(failures, reason)
      }
    }
    // What cannot be given back runs out by itself.
    await cursor.close?.().catch(() => undefined)
  }

  async function step(): Promise<void> {
    const events = await cursor.read()
    if (stop.signal.aborted) return
    if (events.length === 0) {
      await doorbell.wait(parts.source.pollMs)
      return
    }
    await handle(events)
    await cursor.done()
  }

  async function pause(failures: number, reason: unknown): Promise<void> {
    if (stop.signal.aborted) return
    const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
    const { code, message } = toFault(reason)
    parts.log.warn(
      { consumer, failures, code, message, pauseMs: ms },
      'the change feed could not hand on a batch',
    )
    await sleep(parts.clock, ms, stop.signal).catch(() => undefined)
  }
}

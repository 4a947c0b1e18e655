import { type Clock, sleep } from '../clock.ts'
import type { RecordedEvent } from '../event.ts'
import type { FeedHandler } from '../event-store.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'

/** Where a feed reads: positions are the engine's own, growing, and only those of committed events are given out. */
export interface FeedSource {
  checkpoint(consumer: string): number
  read(after: number, limit: number): FeedBatch
  save(consumer: string, position: number): Promise<void>
}

export interface FeedBatch {
  readonly events: readonly RecordedEvent[]
  /** The position of the last event. */
  readonly position: number
}

export interface FeedHub extends AsyncDisposable {
  follow(consumer: string, handle: FeedHandler): AsyncDisposable
  /** Something was committed: whoever waits looks again. */
  wake(): void
  readonly followers: number
}

const BATCH = 200
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** How long closing waits for a handler that is at work. */
const CLOSING_MS = 5000

/** Runs one loop per follower: read, hand on, move the checkpoint, wait to be woken. */
export function createFeedHub(parts: { source: FeedSource; clock: Clock; log: Log }): FeedHub {
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

type Parts = Parameters<typeof createFeedHub>[0]

function startFollower(parts: Parts, consumer: string, handle: FeedHandler): Follower {
  const stop = new AbortController()
  const doorbell = createDoorbell()
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
    let position: number | undefined
    let failures = 0
    while (!stop.signal.aborted) {
      try {
        position = await step(position ?? parts.source.checkpoint(consumer))
        failures = 0
      } catch (reason) {
        failures += 1
        await pause(failures, reason)
      }
    }
  }

  async function step(position: number): Promise<number> {
    const batch = parts.source.read(position, BATCH)
    if (batch.events.length === 0) {
      await doorbell.wait()
      return position
    }
    await handle(batch.events)
    await parts.source.save(consumer, batch.position)
    return batch.position
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

/** A ring before the wait is not lost. */
function createDoorbell(): { ring(): void; wait(): Promise<void> } {
  let rung = false
  let answer: (() => void) | undefined
  return {
    ring() {
      rung = true
      answer?.()
    },
    async wait() {
      if (!rung) await new Promise<void>((resolve) => (answer = resolve))
      rung = false
      answer = undefined
    },
  }
}

import type { Clock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'

/** Notices that events wait behind those that are collected. */
export interface Backlog {
  came(event: Envelope): void
  /** They are written, and the next of their streams may come. */
  released(events: Iterable<Envelope>): void
}

export interface BacklogOptions {
  readonly clock: Clock
  readonly waiting: () => number
  /** Nothing more comes until what waits is written. */
  readonly onStall: () => void
}

/** Nothing came for so long: the bus may have nothing, or may not give more. */
const QUIET_MS = 250
/** So many are worth their objects, and the bus gives a consumer about a thousand at once. */
const MANY = 50
/** An event that comes so soon after the one before it in its stream stood behind that one. */
const BEHIND_MS = 50

/**
 * The bus hands out one event of a stream at a time, and a bounded number in all. So while history is taken in, it
 * falls silent until a batch is written, however long a batch may wait for more.
 */
export function createBacklog({ clock, waiting, onStall }: BacklogOptions): Backlog {
  let [lastAt, releasedAt, behind, isArmed] = [0, 0, 0, false]
  let streams = new Set<string>()

  function arm(at: number): void {
    isArmed = true
    clock.schedule(at, look)
  }

  function look(): void {
    isArmed = false
    if (waiting() === 0) return
    if (clock.now() - lastAt < QUIET_MS) {
      arm(lastAt + QUIET_MS)
      return
    }
    const isStalled = waiting() >= MANY || behind * 2 >= waiting()
    behind = 0
    if (isStalled) onStall()
  }

  return {
    came({ stream }) {
      lastAt = clock.now()
      if (lastAt - releasedAt <= BEHIND_MS && streams.has(stream)) behind += 1
      if (!isArmed) arm(lastAt + QUIET_MS)
    },
    released(events) {
      const now = clock.now()
      if (now - releasedAt > BEHIND_MS) streams = new Set()
      for (const { stream } of events) streams.add(stream)
      releasedAt = now
    },
  }
}

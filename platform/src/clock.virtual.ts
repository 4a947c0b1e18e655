import type { Clock, Timer } from './clock.ts'

export interface VirtualClock extends Clock {
  /** Moves time forward by `ms`, running due timers in order of time, then of scheduling. */
  advance(ms: number): void
  /** When the next timer is due, or undefined when none waits. */
  nextAt(): number | undefined
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** A clock that stands still until told to move: tests pass hours in milliseconds. */
export function createVirtualClock(start: number = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let now = start
  let order = 0
  const waiting = new Set<Entry>()

  function earliest(): Entry | undefined {
    let first: Entry | undefined
    for (const entry of waiting) if (!first || isBefore(entry, first)) first = entry
    return first
  }

  return {
    now: () => now,
    schedule(at, run): Timer {
      const entry: Entry = { at, order: order++, run }
      waiting.add(entry)
      return { cancel: () => void waiting.delete(entry) }
    },
    advance(ms) {
      const until = now + ms
      for (let next = earliest(); next && next.at <= until; next = earliest()) {
        waiting.delete(next)
        now = Math.max(now, next.at)
        next.run()
      }
      now = until
    },
    nextAt: () => earliest()?.at,
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at
}

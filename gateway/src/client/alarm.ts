import type { Clock, Timer } from '@stoa/platform/clock'

/** One timer for many deadlines: a timer for each would cost more than the waiting it ends. */
export interface Alarm {
  /** Makes sure that it rings not long after `at`. */
  set(at: number): void
  stop(): void
}

/** Deadlines that lie closer together are looked at together. */
const COARSE_MS = 5

/** `ring` looks at everything that waits and returns when the next of it is due, or Infinity. */
export function createAlarm(clock: Clock, ring: (now: number) => number): Alarm {
  let timer: Timer | undefined
  let ringsAt = Number.POSITIVE_INFINITY

  function set(at: number): void {
    if (at >= ringsAt) return
    timer?.cancel()
    ringsAt = at
    timer = clock.schedule(at, () => {
      ringsAt = Number.POSITIVE_INFINITY
      const now = clock.now()
      set(Math.max(ring(now), now + COARSE_MS))
    })
  }

  return {
    set,
    stop() {
      timer?.cancel()
      ringsAt = Number.NEGATIVE_INFINITY
    },
  }
}

import type { Clock } from '../clock.ts'

export interface Doorbell {
  ring(): void
  /** Until somebody rings, or `ms` have passed. A ring before the wait is not lost. */
  wait(ms?: number): Promise<void>
}

/** For one who waits. */
export function createDoorbell(clock: Clock): Doorbell {
  let rung = false
  let answer: (() => void) | undefined
  function ring(): void {
    rung = true
    answer?.()
  }
  return {
    ring,
    async wait(ms) {
      const timer = ms === undefined || rung ? undefined : clock.schedule(clock.now() + ms, ring)
      await new Promise<void>((resolve) => {
        answer = resolve
        if (rung) resolve()
      })
      timer?.cancel()
      rung = false
      answer = undefined
    },
  }
}

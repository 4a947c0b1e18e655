import type { Clock } from '../clock.ts'

export interface Holder {
  hold(ms: number): Promise<void>
}

/** Two that leave at once on two connections may arrive in any order: who overtakes gets so much of a start. */
const HEAD_START_MS = 5

/** Keeps each one until the next came (and went first), or `ms` passed: how a simulator gets things out of order. */
export function createHolder(clock: Clock): Holder {
  let release: (() => void) | undefined
  return {
    hold(ms) {
      const overtaken = release
      if (overtaken) {
        release = undefined
        clock.schedule(clock.now() + HEAD_START_MS, overtaken)
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const timer = clock.schedule(clock.now() + ms, () => {
          release = undefined
          resolve()
        })
        release = () => {
          timer.cancel()
          resolve()
        }
      })
    },
  }
}

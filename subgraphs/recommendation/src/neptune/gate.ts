import type { Clock } from '@stoa/platform/clock'
import { graphFault } from './graph-fault.ts'

/** Lets so many in at once. */
export interface Gate {
  /** Resolves when there is room, to what gives the room back; or fails at `until`, or at once where too many wait. */
  enter(until: number): Promise<() => void>
}

export interface GateOptions {
  readonly clock: Clock
  readonly atOnce: number
  readonly mostWaiting: number
}

/** First come, first served. */
export function createGate({ clock, atOnce, mostWaiting }: GateOptions): Gate {
  const queue = new Set<() => void>()
  let inside = 0

  function leave(): void {
    inside -= 1
    const [next] = queue
    next?.()
  }

  return {
    enter: (until) =>
      new Promise((resolve, reject) => {
        if (inside < atOnce) {
          inside += 1
          return resolve(leave)
        }
        if (queue.size >= mostWaiting) return reject(graphFault('busy'))
        const timer = clock.schedule(until, () => {
          queue.delete(goIn)
          reject(graphFault('timed_out', new Error('It waited for its turn here.')))
        })
        const goIn = (): void => {
          queue.delete(goIn)
          timer.cancel()
          inside += 1
          resolve(leave)
        }
        queue.add(goIn)
      }),
  }
}

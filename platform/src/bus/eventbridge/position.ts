import type { Clock } from '../../clock.ts'
import type { Random } from '../../random.ts'

/** Positions count 1,024 to the millisecond from here on: exact as numbers until the year 2298. */
const EPOCH = Date.UTC(2020, 0, 1)
const TICKS = 1024
const DAY_TICKS = 86_400_000 * TICKS

/** The first position of a moment, epoch milliseconds. */
export function positionAt(ms: number): number {
  return Math.max(0, Math.floor(ms - EPOCH)) * TICKS
}

/** When its publisher gave out a position, epoch milliseconds. */
export function timeOf(position: number): number {
  return EPOCH + Math.floor(position / TICKS)
}

/** Days since 2020, UTC. */
export function dayOf(position: number): number {
  return Math.floor(position / DAY_TICKS)
}

/**
 * Positions that only rise within this process and follow the clock otherwise. Each process begins elsewhere in the
 * millisecond, so that two rarely choose the same; the log refuses the second one, which then chooses again.
 */
export function createPositions(ports: { readonly clock: Clock; readonly random: Random }): {
  /** Above `floor` and above all given out before. */
  next(floor: number): number
} {
  const offset = Math.floor(ports.random.next() * TICKS)
  let last = 0
  return {
    next(floor) {
      last = Math.max(last + 1, floor + 1, positionAt(ports.clock.now()) + offset)
      return last
    },
  }
}

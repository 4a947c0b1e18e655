import type { Clock, Timer } from '../clock.ts'

/** Deadlines that are all equally far away, so that one timer serves any number of them. */
export interface DeadlineQueue<T> {
  add(item: T): void
  delete(item: T): void
  /** Forgets everything. */
  clear(): void
}

export function createDeadlineQueue<T>(clock: Clock, ms: number, onDue: (item: T) => void): DeadlineQueue<T> {
  const dueAt = new Map<T, number>()
  let timer: Timer | undefined

  function arm(): void {
    const [first] = dueAt.values()
    if (timer === undefined && first !== undefined) timer = clock.schedule(first, fire)
  }

  function fire(): void {
    timer = undefined
    for (const [item, at] of dueAt) {
      if (at > clock.now()) break
      dueAt.delete(item)
      onDue(item)
    }
    arm()
  }

  return {
    add(item) {
      dueAt.set(item, clock.now() + ms)
      arm()
    },
    // The timer stays: under load there is nearly always a next deadline for it.
    delete: (item) => void dueAt.delete(item),
    clear() {
      dueAt.clear()
      timer?.cancel()
      timer = undefined
    },
  }
}

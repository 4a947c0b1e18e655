import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import { createAlarm } from '../client/alarm.ts'

/** A subgraph in this process may simply never answer: rejects with DEADLINE_EXCEEDED at `deadline` (epoch milliseconds). */
export async function withDeadline<T>(clock: Clock, deadline: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = clock.schedule(deadline, () => late.reject(outOfTime()))
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    timer.cancel()
  }
}

/** The same for many waits at a time: a timer for each would cost more than what it waits for. */
export interface Deadlines {
  /** Rejects with DEADLINE_EXCEEDED not long after `deadline` (epoch milliseconds). */
  within<T>(deadline: number, work: () => Promise<T>): Promise<T>
}

export function createDeadlines(clock: Clock): Deadlines {
  const waiting = new Set<Waiting>()
  const alarm = createAlarm(clock, (now) => {
    let next = Number.POSITIVE_INFINITY
    for (const one of waiting)
      if (one.deadline > now) next = Math.min(next, one.deadline)
      else {
        waiting.delete(one)
        one.reject(outOfTime())
      }
    return next
  })
  return {
    within: (deadline, work) =>
      new Promise((resolve, reject) => {
        const one = { deadline, reject }
        const settle = <T>(how: (value: T) => void, value: T): void => {
          waiting.delete(one)
          how(value)
        }
        const answer = Promise.resolve(work())
        waiting.add(one)
        alarm.set(deadline)
        answer.then(
          (value) => settle(resolve, value),
          (reason) => settle(reject, reason),
        )
      }),
  }
}

interface Waiting {
  readonly deadline: number
  reject(reason: unknown): void
}

function outOfTime(): Fault {
  return new Fault('DEADLINE_EXCEEDED', 'The request ran out of time.')
}

import type { Clock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'

/** A subgraph in this process may simply never answer: rejects with DEADLINE_EXCEEDED at `deadline` (epoch milliseconds). */
export async function withDeadline<T>(clock: Clock, deadline: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = clock.schedule(deadline, () =>
    late.reject(new Fault('DEADLINE_EXCEEDED', 'The request ran out of time.')),
  )
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    timer.cancel()
  }
}

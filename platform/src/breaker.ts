import type { Clock } from './clock.ts'
import { Fault } from './fault.ts'

export interface Breaker {
  /** Runs `work`, or throws UPSTREAM_UNAVAILABLE at once while the breaker is open. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export interface BreakerOptions {
  readonly clock: Clock
  /** Who is behind it, for the message. */
  readonly name: string
  /** Opens after this many retryable faults in a row. Default 5. */
  readonly failures?: number
  /** Lets one try through again after this many milliseconds. Default 1,000. */
  readonly openMs?: number
}

/**
 * Stops asking somebody who keeps failing, so that a dead vendor costs nothing and is not flooded on its return.
 * Ours, because it must follow the Clock port: under virtual time hours pass in milliseconds.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, name, failures = 5, openMs = 1_000 } = options
  let failed = 0
  let retryAt = 0

  function refuseWhileOpen(): void {
    if (failed < failures) return
    if (clock.now() < retryAt)
      throw new Fault('UPSTREAM_UNAVAILABLE', `${name} keeps failing; not asked again yet.`)
    retryAt = clock.now() + openMs
  }

  function count(reason: unknown): void {
    const answered = reason instanceof Fault && !reason.retryable
    failed = answered ? 0 : failed + 1
    if (failed >= failures) retryAt = clock.now() + openMs
  }

  return {
    async run(work) {
      refuseWhileOpen()
      try {
        const value = await work()
        failed = 0
        return value
      } catch (reason) {
        count(reason)
        throw reason
      }
    },
  }
}

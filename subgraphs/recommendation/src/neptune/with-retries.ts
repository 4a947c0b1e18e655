import { type Clock, sleep } from '@stoa/platform/clock'
import { Fault, type FaultCode } from '@stoa/platform/fault'
import type { Random } from '@stoa/platform/random'
import { createRetryBudget } from '@stoa/platform/retry-budget'
import type { GremlinConnection } from './connection.ts'

export interface RetryOptions {
  readonly clock: Clock
  readonly random: Random
  /** For one call. Default 10. */
  readonly tries?: number
}

/** Conflicts with other writers, dropped sockets, throttling: may go well a little later. */
const PASSING: ReadonlySet<FaultCode> = new Set(['CONFLICT', 'OVERLOADED', 'STORE_UNAVAILABLE'])
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 500

/**
 * The same connection, which tries again what failed and may pass, after a pause of random length, while the tries of the call and
 * the budget of all calls last. Only for traversals that may happen twice. Conflicts cost no budget: they say nothing
 * about the database's health.
 */
export function withRetries(connection: GremlinConnection, options: RetryOptions): GremlinConnection {
  const { clock, random, tries = 10 } = options
  const budget = createRetryBudget({ clock })

  function mayRetry(reason: unknown, attempt: number): boolean {
    if (!(reason instanceof Fault) || attempt >= tries || !PASSING.has(reason.code)) return false
    return reason.code === 'CONFLICT' || budget.spend()
  }

  return {
    async submit(traversal) {
      budget.earn()
      for (let attempt = 1; ; attempt++) {
        try {
          return await connection.submit(traversal)
        } catch (reason) {
          if (!mayRetry(reason, attempt)) throw reason
        }
        const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
        await sleep(clock, Math.ceil(random.next() * ceiling))
      }
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

import type { Clock } from './clock.ts'

/**
 * What all calls of one client together may send again: a share of their first tries, a few a second besides, and
 * a stock for bad moments. A service that is down for everybody sees little more than its ordinary load.
 */
export interface RetryBudget {
  /** A first try is made. */
  earn(): void
  /** Takes one retry; false when there is none left. */
  spend(): boolean
}

export interface RetryBudgetOptions {
  readonly clock: Clock
  /** Retries earned by each first try. Default 0.2. */
  readonly share?: number
  /** Retries earned each second, so that a client with little to do may try again too. Default 5. */
  readonly perSecond?: number
  /** As many are kept, and there at the start. Default 50. */
  readonly stock?: number
}

/** In any span of s seconds with n first tries: at most `stock + perSecond × s + share × n` retries. */
export function createRetryBudget(options: RetryBudgetOptions): RetryBudget {
  const { clock, share = 0.2, perSecond = 5, stock = 50 } = options
  let left = stock
  let filledAt = clock.now()

  function fill(): void {
    const now = clock.now()
    // A clock that was set back earns nothing.
    left = Math.min(stock, left + (Math.max(0, now - filledAt) / 1000) * perSecond)
    filledAt = now
  }

  return {
    earn() {
      left = Math.min(stock, left + share)
    },
    spend() {
      fill()
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}

/** How many tries beyond the first are allowed: a share of all requests, so that a dead subgraph is not asked twice as often. */
export interface RetryBudget {
  /** Counts one request. */
  earn(): void
  /** Whether one more try is allowed now. */
  take(): boolean
}

const SHARE = 0.1
const MOST = 10

export function createRetryBudget(): RetryBudget {
  let tokens = MOST
  return {
    earn() {
      tokens = Math.min(MOST, tokens + SHARE)
    },
    take() {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}

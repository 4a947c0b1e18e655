import type { Clock } from '@stoa/platform/clock'

/** Counts failed sign-ins per account, so that a password cannot be guessed by trying. */
export interface Attempts {
  exhausted(email: string): boolean
  failed(email: string): void
}

const MOST = 10
const WINDOW_MS = 60_000
/** Forgetting the oldest is fine: whoever sprays this many accounts gets ten tries at each anyway. */
const KEPT = 10_000

export function createAttempts(clock: Clock): Attempts {
  const failures = new Map<string, readonly number[]>()
  const recent = (email: string): readonly number[] =>
    (failures.get(email) ?? []).filter((at) => at > clock.now() - WINDOW_MS)
  return {
    exhausted: (email) => recent(email).length >= MOST,
    failed(email) {
      const oldest = failures.size >= KEPT ? failures.keys().next().value : undefined
      if (oldest !== undefined) failures.delete(oldest)
      failures.set(email, [...recent(email), clock.now()])
    },
  }
}

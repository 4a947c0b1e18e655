import type { Consumer, DeadLetter, RetryPolicy } from '../event-bus.ts'
import { Fault, type FaultCode } from '../fault.ts'
import type { Random } from '../random.ts'

export const defaultRetry: RetryPolicy = {
  maxAttempts: 185,
  maxAgeMs: 24 * 3_600_000,
  baseMs: 200,
  capMs: 5 * 60_000,
  timeoutMs: 30_000,
}

/** Faults of the event itself: it will be as wrong tomorrow. Everything else may heal by time, deploy or operator. */
const HOPELESS: ReadonlySet<FaultCode> = new Set(['BAD_REQUEST', 'BAD_SCHEMA'])

export interface Failure {
  readonly fault: Fault
  /** Tries so far, this one included. */
  readonly attempts: number
  readonly firstAt: number
  readonly now: number
}

export type NextStep =
  | { readonly kind: 'retry'; readonly at: number }
  | { readonly kind: 'dead'; readonly exhausted: DeadLetter['exhausted'] }

/** What to do after a failed try: exponential back-off with full jitter until tries or age run out. */
export function nextStep(policy: RetryPolicy, failure: Failure, random: Random): NextStep {
  const { fault, attempts, firstAt, now } = failure
  if (HOPELESS.has(fault.code) && !fault.retryable) return { kind: 'dead', exhausted: 'not_retryable' }
  if (attempts >= policy.maxAttempts) return { kind: 'dead', exhausted: 'attempts' }
  const at = now + pause(policy, attempts, random)
  return at - firstAt > policy.maxAgeMs ? { kind: 'dead', exhausted: 'age' } : { kind: 'retry', at }
}

/** The consumer's policy over the defaults. Faults with BAD_REQUEST when a number makes no sense. */
export function checkPolicy(consumer: Consumer): RetryPolicy {
  const policy = { ...defaultRetry, ...consumer.retry }
  for (const [name, value] of Object.entries({ ...policy, concurrency: consumer.concurrency ?? 1 })) {
    if (value > 0) continue
    throw new Fault(
      'BAD_REQUEST',
      `Expected ${name} of consumer "${consumer.name}" to be above 0, got ${value}.`,
    )
  }
  return policy
}

/** Full jitter: anything up to the ceiling, so that those who failed together do not come back together. */
function pause(policy: RetryPolicy, attempts: number, random: Random): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempts - 1, 40))
  return Math.max(1, Math.ceil(random.next() * ceiling))
}

import { type Clock, sleep } from '../clock.ts'
import { countEngineFault, engineFault } from '../engine-fault.ts'
import { toFault } from '../fault.ts'
import type { Random } from '../random.ts'
import { createRetryBudget, type RetryBudget } from '../retry-budget.ts'
import { type AwsError, type AwsService, errorName, readAwsError } from './errors.ts'

/** Calls to one AWS service by a client of its SDK, whose own retries are switched off (`maxAttempts: 1`). */
export interface AwsCalls {
  /**
   * Sends one request, again after a pause while the budgets last. What is sent must be safe to send twice.
   * Throws faults, counted by kind; what `service.answers` names is thrown as it is. `moreMs` is for big requests: what
   * one try may take beyond what all may.
   */
  call<T>(send: (signal: AbortSignal) => Promise<T>, moreMs?: number): Promise<T>
  /**
   * For what the caller sends again itself, as the entries a batch left over: pauses before try `attempt + 1`.
   * False, at once, when the budget for what is throttled is spent.
   */
  mayRepeat(attempt: number): Promise<boolean>
  /** The same pause outside the budget: for collisions with others, which say nothing about the service. */
  pause(attempt: number): Promise<void>
}

export interface RetryBudgets {
  readonly throttled: RetryBudget
  readonly other: RetryBudget
}

export interface AwsCallOptions {
  readonly service: AwsService
  readonly clock: Clock
  readonly random: Random
  /**
   * Shared by all calls: one for what is throttled, so that one hot key does not take it from everybody, one for the
   * rest. Default: each 20 % of the first tries, 5 a second, a stock of 50.
   */
  readonly budgets?: RetryBudgets
  /** Per call. Default 8. */
  readonly tries?: number
  /** For one try. Default 3,000. */
  readonly tryMs?: number
  /** For all tries of a call; the last one begun in it may end after it. Default 10,000. */
  readonly callMs?: number
}

const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 800

interface Attempt {
  readonly number: number
  /** When the time for all tries is up. */
  readonly until: number
}

/** Every try has a deadline, all tries together have one, and pauses grow with full jitter. */
export function createAwsCalls(options: AwsCallOptions): AwsCalls {
  const { service, clock, tries = 8, tryMs = 3000, callMs = 10_000 } = options
  const { throttled, other } = options.budgets ?? {
    throttled: createRetryBudget(options),
    other: createRetryBudget(options),
  }

  function spend(budget: RetryBudget): boolean {
    const allowed = budget.spend()
    if (!allowed) countEngineFault(service.engine, 'retry_budget_spent', service.away)
    return allowed
  }

  function mayRetry({ again, kind }: AwsError, { number, until }: Attempt): boolean {
    const limit = again === 'later' ? tries : again === 'once' ? 2 : 1
    return number < limit && clock.now() < until && spend(kind === 'throttled' ? throttled : other)
  }

  /** Returns when the same request is worth another try; throws what it comes to otherwise. */
  function settle(reason: unknown, attempt: Attempt): void {
    if (service.answers?.has(errorName(reason))) throw reason
    const error = readAwsError(service, reason)
    if (!error) throw toFault(reason)
    if (!mayRetry(error, attempt)) throw toEngineFault(service, error, reason)
  }

  return {
    async call(send, moreMs = 0) {
      throttled.earn()
      other.earn()
      const until = clock.now() + callMs
      for (let number = 1; ; number++) {
        try {
          return await sendInTime(clock, tryMs + moreMs, send)
        } catch (reason) {
          settle(reason, { number, until })
        }
        await pause(options, number)
      }
    },
    async mayRepeat(attempt) {
      if (!spend(throttled)) return false
      await pause(options, attempt)
      return true
    },
    pause: (attempt) => pause(options, attempt),
  }
}

/** What the service said, with its hosts and accounts, stays in the cause. */
function toEngineFault({ engine }: AwsService, { code, advice, kind }: AwsError, cause: unknown): Error {
  return engineFault(code, advice, { engine, kind, cause })
}

/** Full jitter, as AWS advises against many clients coming back at the same moment. */
function pause(ports: { readonly clock: Clock; readonly random: Random }, attempt: number): Promise<void> {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return sleep(ports.clock, Math.ceil(ports.random.next() * ceiling))
}

async function sendInTime<T>(
  clock: Clock,
  tryMs: number,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = clock.schedule(clock.now() + tryMs, () => late.abort())
  try {
    return await send(late.signal)
  } finally {
    timer.cancel()
  }
}

import type { Clock } from '../clock.ts'
import type { Consumer, RetryPolicy } from '../event-bus.ts'
import type { EventMatcher } from '../event-pattern.ts'
import type { Log } from '../log.ts'
import type { Random } from '../random.ts'
import type { BusLog, Claim } from './bus-log.ts'
import type { Gate } from './gate.ts'

/** What every room of the bus is built from. */
export interface BusParts {
  readonly store: BusLog
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Bounds a consumer's concurrency beyond this bus, where several serve parts of it. */
  readonly gateOf?: (consumer: string) => Gate
}

/** What it takes to serve one consumer while this process owns it. */
export interface RunnerParts extends BusParts {
  readonly claim: Claim
  readonly consumer: Consumer
  readonly matches: EventMatcher
  readonly policy: RetryPolicy
  readonly hubTail: () => number
  /** There is something to save. */
  readonly onChange: () => void
  /** May have become idle. */
  readonly onRest: () => void
}

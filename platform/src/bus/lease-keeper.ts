import type { Clock, Timer } from '../clock.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BusLog } from './bus-log.ts'
import type { Runner } from './runner.ts'

/** Renews what this process owns well before it runs out. Does nothing for an engine without leases. */
export interface LeaseKeeper {
  start(): void
  stop(): void
}

interface LeaseKeeperParts {
  readonly store: BusLog
  readonly clock: Clock
  readonly log: Log
  readonly runners: () => readonly Runner[]
  readonly onLost: (consumers: readonly string[]) => void
}

export function createLeaseKeeper(parts: LeaseKeeperParts): LeaseKeeper {
  const { store, clock } = parts
  const { leaseMs } = store
  let timer: Timer | undefined
  let stopped = false

  function arm(): void {
    if (leaseMs === undefined || stopped) return
    timer = clock.schedule(clock.now() + leaseMs / 4, () => void renew(leaseMs))
  }

  async function renew(ms: number): Promise<void> {
    try {
      const leases = parts.runners().map((runner) => runner.claim.lease)
      const lost = leases.length > 0 ? await store.renew(leases, clock.now() + ms) : []
      if (lost.length > 0) parts.onLost(lost)
    } catch (reason) {
      parts.log.error(
        { code: toFault(reason).code },
        'Consumers cannot be renewed; another process may take them over.',
      )
    }
    arm()
  }

  return {
    start() {
      if (timer === undefined) arm()
    },
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}

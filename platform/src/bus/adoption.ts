import type { Clock } from '../clock.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BusLog } from './bus-log.ts'
import type { Runner } from './runner.ts'

/** Brings redrives and replays, asked for in whichever process, to the runner that owns the consumer. */
export interface Adoption {
  kick(): void
  isBusy(): boolean
  stop(): void
}

interface AdoptionParts {
  readonly store: BusLog
  readonly clock: Clock
  readonly log: Log
  readonly runners: () => readonly Runner[]
  readonly onRest: () => void
}

/** A store that fails is asked again after this, in milliseconds. */
const RETRY_MS = 1000

export function createAdoption(parts: AdoptionParts): Adoption {
  let asked = 0
  let done = 0
  let busy = false
  let stopped = false

  function kick(): void {
    asked += 1
    if (busy || stopped) return
    busy = true
    void run()
  }

  async function run(): Promise<void> {
    try {
      while (done < asked && !stopped) {
        const upTo = asked
        await adopt()
        done = upTo
      }
    } catch (reason) {
      if (!stopped) retry(reason)
    }
    busy = false
    parts.onRest()
  }

  function retry(reason: unknown): void {
    parts.log.error(
      { code: toFault(reason).code },
      'Redrives and replays cannot be read; trying again in a second.',
    )
    parts.clock.schedule(parts.clock.now() + RETRY_MS, kick)
  }

  async function adopt(): Promise<void> {
    const owned = parts.runners()
    const adopted = await parts.store.adopt(owned.map((runner) => runner.claim.lease))
    for (const runner of owned) {
      const mine = adopted.get(runner.claim.lease.consumer)
      if (mine) runner.adopt(mine)
    }
  }

  return {
    kick,
    isBusy: () => busy,
    stop() {
      stopped = true
    },
  }
}

import { type Clock, sleep } from '../clock.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BusLog, ConsumerChange } from './bus-log.ts'
import { turn } from './turn.ts'

/** Writes what all consumers have to note, many at once: one transaction per turn of the event loop at most. */
export interface Saver {
  /** There is something to save. */
  kick(): void
  /** Whether something is on its way; a store that fails does not count, or nobody could ever rest. */
  isBusy(): boolean
  /** Resolves when everything known now is saved, or cannot be at the moment. */
  flush(): Promise<void>
  /** A failing save is not tried again from here on. */
  close(): void
}

interface SaverParts {
  readonly store: BusLog
  readonly clock: Clock
  readonly log: Log
  readonly collect: () => readonly ConsumerChange[]
  /** Consumers that somebody else owns by now. */
  readonly onLost: (consumers: readonly string[]) => void
  readonly onRest: () => void
}

/** A store that fails is asked again after this, in milliseconds. */
const RETRY_MS = 1000

export function createSaver(parts: SaverParts): Saver {
  const closing = new AbortController()
  let running = false
  let failing = false
  let asked = false
  let waiters: (() => void)[] = []

  async function run(): Promise<void> {
    while (asked) {
      // Whatever settles in one turn shares one transaction.
      await turn()
      asked = false
      const changes = parts.collect()
      if (changes.length > 0) await save(changes)
    }
    running = false
    announce()
  }

  /** The same batch until it is in: what came later must not overtake it. */
  async function save(changes: readonly ConsumerChange[]): Promise<void> {
    failing = !(await isSaved(changes))
    while (failing && !closing.signal.aborted) {
      announce()
      await sleep(parts.clock, RETRY_MS, closing.signal).catch(() => {})
      failing = !(await isSaved(changes))
    }
  }

  async function isSaved(changes: readonly ConsumerChange[]): Promise<boolean> {
    try {
      const lost = await parts.store.save(changes)
      if (lost.length > 0) parts.onLost(lost)
      return true
    } catch (reason) {
      parts.log.error({ code: toFault(reason).code }, 'What the consumers have done cannot be saved.')
      return false
    }
  }

  function announce(): void {
    const told = waiters
    waiters = []
    for (const resolve of told) resolve()
    parts.onRest()
  }

  return {
    kick() {
      asked = true
      if (running) return
      running = true
      void run()
    },
    isBusy: () => running && !failing,
    async flush() {
      while (running && !failing) await new Promise<void>((resolve) => waiters.push(resolve))
    },
    close: () => closing.abort(),
  }
}

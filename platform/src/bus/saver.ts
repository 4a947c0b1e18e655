import { type Clock, sleep } from '../clock.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BusLog, ConsumerChange } from './bus-log.ts'

/** Writes what all consumers have to note, many at once: one transaction per turn of the event loop at most. */
export interface Saver {
  /** There is something to save. */
  kick(): void
  isBusy(): boolean
  /** Resolves when everything known now is saved, or cannot be. */
  flush(): Promise<void>
  /** A failing save is not tried again. */
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
  let running: Promise<void> | undefined
  let asked = false
  let closing = false

  function kick(): void {
    asked = true
    running ??= run()
  }

  async function run(): Promise<void> {
    while (asked) {
      await turn()
      asked = false
      const changes = parts.collect()
      if (changes.length > 0) await save(changes)
    }
    running = undefined
    parts.onRest()
  }

  /** The same batch until it is in: what came later must not overtake it. */
  async function save(changes: readonly ConsumerChange[]): Promise<void> {
    for (;;) {
      try {
        const lost = await parts.store.save(changes)
        if (lost.length > 0) parts.onLost(lost)
        return
      } catch (reason) {
        parts.log.error(
          { code: toFault(reason).code, retry: !closing },
          'Progress of the consumers cannot be saved.',
        )
        if (closing) return
        await sleep(parts.clock, RETRY_MS)
      }
    }
  }

  return {
    kick,
    isBusy: () => running !== undefined,
    flush: async () => await running,
    close() {
      closing = true
    },
  }
}

/** To the end of this turn of the event loop, so that whatever settles in it shares one transaction. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

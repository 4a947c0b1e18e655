import type { Clock } from '../clock.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { BusLog, LogEntry, LogRange } from './bus-log.ts'
import { turn } from './turn.ts'

/** Reads the log page by page for as long as somebody wants more of it. */
export interface Reader {
  /** Goes on reading when it stands still. */
  kick(): void
  isReading(): boolean
  stop(): void
}

export interface ReaderParts {
  readonly store: BusLog
  readonly clock: Clock
  readonly log: Log
  /** What to read next; undefined for nothing at the moment. */
  readonly next: () => LogRange | undefined
  readonly take: (entries: readonly LogEntry[]) => void
  /** Called whenever reading comes to a halt. */
  readonly onHalt: () => void
}

/** A store that fails is asked again after this, in milliseconds. */
const RETRY_MS = 1000

export function createReader(parts: ReaderParts): Reader {
  let reading = false
  let stopped = false

  function kick(): void {
    if (reading || stopped) return
    reading = true
    void readAll()
  }

  async function readAll(): Promise<void> {
    try {
      for (let range = parts.next(); range && !stopped; range = parts.next()) {
        const entries = await parts.store.read(range)
        if (!stopped) parts.take(entries)
        await turn()
      }
    } catch (reason) {
      if (!stopped) retry(reason)
    }
    reading = false
    parts.onHalt()
  }

  function retry(reason: unknown): void {
    parts.log.error({ code: toFault(reason).code }, 'The event log cannot be read; trying again in a second.')
    parts.clock.schedule(parts.clock.now() + RETRY_MS, kick)
  }

  return {
    kick,
    isReading: () => reading,
    stop() {
      stopped = true
    },
  }
}

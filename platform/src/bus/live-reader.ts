import { type LogEntry, placeOf } from './bus-log.ts'
import { createProgress, type Ticket } from './progress.ts'
import { createReader, type ReaderParts } from './reader.ts'

/**
 * A consumer's place in the log. Normally it is attached to the hub, which hands it what matches as it is
 * published; when it is too slow for that, or has just been started, it reads on its own until it has caught up.
 */
export interface LiveReader {
  /** A matching event, straight from the hub. */
  offer(entry: LogEntry): void
  /** Everything up to here is settled. */
  checkpoint(): number
  settle(ticket: Ticket): void
  /** There may be room for more. */
  kick(): void
  isReading(): boolean
  /** Everything up to here was looked at. */
  readTo(): number
  stop(): void
}

export interface LiveReaderParts extends Omit<ReaderParts, 'next' | 'take'> {
  readonly cursor: number
  readonly hubTail: () => number
  readonly matches: (entry: LogEntry) => boolean
  readonly accept: (entry: LogEntry, ticket: Ticket) => void
  /** Whether more may be taken in apart from what the reader counts itself. */
  readonly hasRoom: () => boolean
}

/** Events taken in and not settled: bounds memory, and what is told twice after a crash. */
const WINDOW = 1024
const PAGE = 256

export function createLiveReader(parts: LiveReaderParts): LiveReader {
  const progress = createProgress()
  let seen = parts.cursor
  let attached = false

  const hasRoom = (): boolean => progress.size() < WINDOW && parts.hasRoom()
  const readTo = (): number => (attached ? Math.max(seen, parts.hubTail()) : seen)

  const reader = createReader({
    ...parts,
    next: () => (attached || !hasRoom() ? undefined : { after: seen, limit: PAGE }),
    take(entries) {
      for (const entry of entries) {
        if (parts.matches(entry)) accept(entry)
        seen = placeOf(entry)
      }
      // Compared without a pause in between, so that no event falls between the two ways of reading.
      attached = seen >= parts.hubTail()
    },
  })

  function accept(entry: LogEntry): void {
    parts.accept(entry, progress.open(placeOf(entry)))
  }

  return {
    readTo,
    isReading: reader.isReading,
    offer(entry) {
      if (!attached || placeOf(entry) <= seen) return
      if (hasRoom()) {
        accept(entry)
        seen = placeOf(entry)
      } else {
        attached = false
        seen = placeOf(entry) - 1
      }
    },
    checkpoint: () => progress.checkpoint(readTo()),
    settle: (ticket) => progress.settle(ticket),
    kick() {
      if (!attached && hasRoom()) reader.kick()
    },
    stop() {
      // From here on the hub's tail says nothing about what this consumer was told.
      seen = readTo()
      attached = false
      reader.stop()
    },
  }
}

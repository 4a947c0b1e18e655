import type { LogEntry, Replay } from './bus-log.ts'
import { createProgress, type Ticket } from './progress.ts'
import { createReader, type ReaderParts } from './reader.ts'

/** One replay under way: a second reading of the log, beside the live one, with a cursor of its own. */
export interface ReplayReader {
  settle(ticket: Ticket): void
  kick(): void
  isReading(): boolean
  stop(): void
}

export interface ReplayReaderParts extends Omit<ReaderParts, 'next' | 'take' | 'onHalt'> {
  readonly replay: Replay
  readonly matches: (entry: LogEntry) => boolean
  readonly accept: (entry: LogEntry, ticket: Ticket) => void
  readonly hasRoom: () => boolean
  /** How far it has come; without a cursor it is over. */
  readonly onProgress: (cursor?: number) => void
  readonly onHalt: () => void
}

/** Small, so that live events never queue behind more than a few old ones. */
const WINDOW = 128

export function createReplayReader(parts: ReplayReaderParts): ReplayReader {
  const { replay } = parts
  const progress = createProgress()
  let readTo = replay.cursor
  let over = false

  const isRead = (): boolean => readTo >= replay.until

  const reader = createReader({
    ...parts,
    next() {
      if (isRead() || progress.size() >= WINDOW || !parts.hasRoom()) return undefined
      const { from, to } = replay
      const times = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
      return { after: readTo, until: replay.until, limit: WINDOW, ...times }
    },
    take(entries) {
      for (const entry of entries) {
        if (parts.matches(entry)) parts.accept(entry, progress.open(entry.position))
      }
      readTo = entries.length < WINDOW ? replay.until : (entries.at(-1)?.position ?? replay.until)
      report()
    },
    onHalt() {
      report()
      parts.onHalt()
    },
  })

  function report(): void {
    if (over) return
    over = isRead() && progress.size() === 0
    if (over) parts.onProgress()
    else parts.onProgress(progress.checkpoint(readTo))
  }

  return {
    settle(ticket) {
      progress.settle(ticket)
      report()
    },
    kick() {
      if (!over) reader.kick()
    },
    isReading: reader.isReading,
    stop: reader.stop,
  }
}

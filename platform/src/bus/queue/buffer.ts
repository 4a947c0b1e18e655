import type { LogEntry } from '../bus-log.ts'
import type { LoggedEvent } from '../eventbridge/items.ts'

/** What a consumer was handed and has not settled, in the order in which it was taken in. */
export interface Buffer {
  /** Without receipts for what was read from the log. */
  push(logged: LoggedEvent, receipt?: string): void
  /** Up to `limit` entries beyond a place. */
  after(place: number, limit: number): readonly LogEntry[]
  /** Takes out everything up to a place. */
  settleTo(place: number): readonly Buffered[]
  find(position: number): Buffered | undefined
  all(): readonly Buffered[]
  size(): number
  /** The lowest position of them, Infinity when there is none. */
  lowest(): number
}

export interface Buffered {
  readonly place: number
  readonly logged: LoggedEvent
  /** Of the messages that brought it: more than one when it came more than once. */
  readonly receipts: string[]
}

/** Places rise by one without gaps. */
export function createBuffer(nextPlace: () => number): Buffer {
  let entries: Buffered[] = []
  const byPosition = new Map<number, Buffered>()

  return {
    push(logged, receipt) {
      const receipts = receipt === undefined ? [] : [receipt]
      const entry = { place: nextPlace(), logged, receipts }
      entries.push(entry)
      byPosition.set(logged.position, entry)
    },
    after(place, limit) {
      const start = Math.max(0, place + 1 - (entries[0]?.place ?? 0))
      return entries.slice(start, start + limit).map(toLogEntry)
    },
    settleTo(place) {
      const count = Math.max(0, place + 1 - (entries[0]?.place ?? place + 1))
      const settled = entries.slice(0, count)
      entries = entries.slice(count)
      for (const { logged } of settled) byPosition.delete(logged.position)
      return settled
    },
    find: (position) => byPosition.get(position),
    all: () => entries,
    size: () => entries.length,
    lowest: () =>
      entries.reduce((lowest, { logged }) => Math.min(lowest, logged.position), Number.POSITIVE_INFINITY),
  }
}

function toLogEntry({ place, logged }: Buffered): LogEntry {
  return { position: logged.position, event: logged.event, place }
}

import type { LogEntry } from '../bus-log.ts'

/** The newest stretch of a partition in memory: its entries without a gap, and which ids were seen in it. */
export interface RecentEntries {
  /** Takes what comes next; answers false when its id was seen before, so that it is no entry of the log. */
  add(entry: LogEntry): boolean
  /** Everything from this position on is here; above every position when nothing is. */
  from(): number
  /** Where an id of the window stands. */
  find(id: string): number | undefined
  at(position: number): LogEntry | undefined
  /** In order, above `after`. */
  above(after: number): readonly LogEntry[]
}

/** Entries kept for those who read what has just been published, or waits for its next try. */
const KEPT = 1024

/** So many ids are forgotten in one go. */
const FORGOTTEN = 1000

/** `window`: how many ids are remembered. */
export function createRecentEntries(window: number): RecentEntries {
  const ids = new Map<string, number>()
  let entries: LogEntry[] = []
  let from = Number.POSITIVE_INFINITY

  function trim(): void {
    if (ids.size >= window + FORGOTTEN) forget()
    if (entries.length < 2 * KEPT) return
    entries = entries.slice(-KEPT)
    from = entries[0]?.position ?? from
  }

  /** Many at once: each walk from the oldest passes by all that were forgotten before. */
  function forget(): void {
    for (const id of ids.keys()) {
      if (ids.size <= window) return
      ids.delete(id)
    }
  }

  return {
    add(entry) {
      from = Math.min(from, entry.position)
      if (ids.has(entry.event.id)) return false
      ids.set(entry.event.id, entry.position)
      entries.push(entry)
      trim()
      return true
    },
    from: () => from,
    find: (id) => ids.get(id),
    at(position) {
      const entry = entries[indexOf(entries, position)]
      return entry?.position === position ? entry : undefined
    },
    above: (after) => entries.slice(indexOf(entries, after + 1)),
  }
}

/** Of the first entry that is not below the position. */
function indexOf(entries: readonly LogEntry[], position: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle]?.position ?? 0) < position) low = middle + 1
    else high = middle
  }
  return low
}

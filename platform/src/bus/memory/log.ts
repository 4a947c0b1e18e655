import type { Envelope } from '../../event.ts'
import type { BusLog, ConsumerChange, LogEntry, LogRange } from '../bus-log.ts'
import { createMemoryConsumers } from './consumers.ts'
import { discardIn, lettersIn, redriveIn } from './dead-letters.ts'

/** The log as an array: position n is element n − 1. */
export function createMemoryBusLog(): BusLog {
  const entries: LogEntry[] = []
  const ids = new Set<string>()
  const consumers = createMemoryConsumers()
  const eventAt = (position: number): Envelope | undefined => entries[position - 1]?.event

  return {
    append: async (events) => events.flatMap((event) => appendOne(event)),
    read: async (range) => readRange(entries, range),
    at: async (position) => eventAt(position),
    last: async () => entries.length,
    claim: async (request) => consumers.claim(request, request.from === 'latest' ? entries.length : 0),
    renew: async () => [],
    release: async () => {},
    save: async (changes) => saveAll(changes),
    adopt: async (leases) => consumers.adopt(leases),
    deadLetters: async (query) => lettersIn(consumers.all(), query, eventAt),
    redrive: async (query, run) => redriveIn(consumers.all(), query, run),
    discard: async (query) => discardIn(consumers.all(), query),
    addReplay: async (replay) => consumers.addReplay(replay),
    consumers: async () => consumers.stored(),
    watch: () => ({ [Symbol.dispose]: () => {} }),
    [Symbol.asyncDispose]: async () => {},
  }

  function appendOne(event: Envelope): readonly LogEntry[] {
    if (ids.has(event.id)) return []
    ids.add(event.id)
    const entry = { position: entries.length + 1, event }
    entries.push(entry)
    return [entry]
  }

  function saveAll(changes: readonly ConsumerChange[]): readonly string[] {
    for (const change of changes) consumers.save(change)
    return []
  }
}

function readRange(entries: readonly LogEntry[], range: LogRange): readonly LogEntry[] {
  const step = range.descending ? -1 : 1
  const start = range.descending ? (range.after ?? entries.length + 1) : (range.after ?? 0)
  const end = Math.min(entries.length, range.until ?? entries.length)
  const found: LogEntry[] = []
  for (let at = start + step; at >= 1 && at <= end && found.length < range.limit; at += step) {
    const entry = entries[at - 1]
    if (entry && isWithin(entry.event.at, range)) found.push(entry)
  }
  return found
}

function isWithin(at: number, { from, to }: LogRange): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to)
}

import type { Envelope } from '../../event.ts'
import { bodyBytes } from './size.ts'

/** Three items an event in a transaction of at most a hundred, and of at most 4 MB. */
const EVENTS_AT_ONCE = 33
const BYTES_AT_ONCE = 3_000_000

/** Without repeats of an id. */
export function firstById(events: readonly Envelope[]): readonly Envelope[] {
  const first = new Map<string, Envelope>()
  for (const event of events) if (!first.has(event.id)) first.set(event.id, event)
  return [...first.values()]
}

/** What goes into one transaction each, in the same order. */
export function chunksOf(events: readonly Envelope[]): readonly (readonly Envelope[])[] {
  const chunks: Envelope[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const event of events) {
    const size = bodyBytes(event)
    const last = chunks.at(-1)
    if (last && last.length < EVENTS_AT_ONCE && bytes + size <= BYTES_AT_ONCE) {
      last.push(event)
      bytes += size
    } else {
      chunks.push([event])
      bytes = size
    }
  }
  return chunks
}

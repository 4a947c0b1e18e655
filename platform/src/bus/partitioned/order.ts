import type { Envelope } from '../../event.ts'

/** Between partitions nothing says what came first but the events' own time; the id makes every reading the same. */
export function compareEvents(one: Envelope, other: Envelope): number {
  if (one.at !== other.at) return one.at - other.at
  if (one.id === other.id) return 0
  return one.id < other.id ? -1 : 1
}

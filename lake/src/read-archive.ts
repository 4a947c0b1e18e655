import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import { dayFolderOf, formatFolder, partitionOfKey } from './layout.ts'
import { decodeLines } from './lines.ts'
import { listAll, type ObjectStore, readMany } from './object-store.ts'

export interface ArchiveReading {
  readonly objects: ObjectStore
  /** `2026-11-21`, inclusive. Default: the first. */
  readonly from?: string
  /** Inclusive. Default: the last. */
  readonly to?: string
  /** Default: all. */
  readonly types?: readonly string[]
  /** What one day may hold, since it is put in order in memory. Default 500,000. */
  readonly maxEventsADay?: number
}

const MOST_EVENTS_A_DAY = 500_000

/**
 * Every event once, day by day, in order of time; of one stream always in order of version within its day. Throws
 * BAD_REQUEST for a day too large for memory, STORE_CORRUPT for an object that does not read as it was written.
 */
export async function* readArchive(reading: ArchiveReading): AsyncGenerator<Envelope> {
  for (const day of await daysOf(reading)) yield* inOrder(await readDay(reading, day))
}

async function daysOf({ objects, from = '', to = '9999' }: ArchiveReading): Promise<string[]> {
  const days = new Set<string>()
  for await (const key of listAll(objects, formatFolder('jsonl'))) {
    const day = partitionOfKey(key)?.day
    if (day !== undefined && day >= from && day <= to) days.add(day)
  }
  return [...days].sort()
}

/** Compaction may replace what was listed; what it replaced it by is in the next list. */
const LISTINGS = 3

async function readDay(reading: ArchiveReading, day: string): Promise<ReadonlyMap<string, Envelope>> {
  const events = new Map<string, Envelope>()
  const read = new Set<string>()
  for (let listing = 1; listing <= LISTINGS; listing++) {
    const keys = await newKeys(reading, day, read)
    let missed = false
    for await (const { key, body } of readMany(reading.objects, keys)) {
      if (body) take(events, decodeLines(body), reading, day)
      else missed = true
      read.add(key)
    }
    if (!missed) return events
  }
  throw new Fault(
    'CONFLICT',
    `Objects of ${day} went away while they were read. Read again when nothing compacts.`,
  )
}

async function newKeys(reading: ArchiveReading, day: string, read: ReadonlySet<string>): Promise<string[]> {
  const keys: string[] = []
  for await (const key of listAll(reading.objects, dayFolderOf('jsonl', day)))
    if (!read.has(key) && isWanted(reading, key)) keys.push(key)
  return keys
}

function isWanted({ types }: ArchiveReading, key: string): boolean {
  const type = partitionOfKey(key)?.type
  return type !== undefined && (types?.includes(type) ?? true)
}

function take(
  events: Map<string, Envelope>,
  more: readonly Envelope[],
  { maxEventsADay = MOST_EVENTS_A_DAY }: ArchiveReading,
  day: string,
): void {
  for (const event of more) events.set(event.id, event)
  if (events.size <= maxEventsADay) return
  const message = `${day} holds more than ${maxEventsADay} events. Name some types, or read it with DuckDB or Athena.`
  throw new Fault('BAD_REQUEST', message)
}

/**
 * By time, except that no event comes before an earlier one of its stream: the clocks of two processes may differ by
 * more than lay between them.
 */
function inOrder(events: ReadonlyMap<string, Envelope>): Envelope[] {
  const byVersion = [...events.values()].sort((one, other) => one.version - other.version)
  const latest = new Map<string, number>()
  const timed = byVersion.map((event) => {
    const at = Math.max(event.at, latest.get(event.stream) ?? 0)
    latest.set(event.stream, at)
    return { at, event }
  })
  return timed
    .sort((one, other) => one.at - other.at || byStream(one.event, other.event))
    .map(({ event }) => event)
}

/** Of one moment: by stream, and in it by version, whatever time each says of itself. */
function byStream(one: Envelope, other: Envelope): number {
  if (one.stream === other.stream) return one.version - other.version
  return one.stream < other.stream ? -1 : 1
}

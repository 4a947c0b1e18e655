import type { Envelope } from '../../event.ts'
import type { ArchivePage, ArchiveQuery } from '../../event-bus.ts'
import { Fault } from '../../fault.ts'
import { checkLimit } from '../archive.ts'
import type { BusLog, LogEntry, LogRange } from '../bus-log.ts'
import { matcherOf } from '../matcher.ts'
import { compareEvents } from './order.ts'

/** Entries looked at for one page: a pattern that matches next to nothing gets a short page and a `next`. */
const MAX_SCANNED = 20_000

/** One page of everything in all partitions: in order within each, between them by the time of the events. */
export async function readPartitions(stores: readonly BusLog[], query: ArchiveQuery): Promise<ArchivePage> {
  const limit = checkLimit(query.limit)
  const matches = matcherOf(query.pattern)
  const positions = parsePositions(query.after, stores.length)
  const cursors = stores.map((store, i) => createCursor({ store, query, limit, after: positions?.[i] }))
  const found: Envelope[] = []
  for (let scanned = 0; scanned < MAX_SCANNED && found.length < limit; scanned++) {
    const first = await earliest(cursors, query.descending === true)
    if (!first) return { events: found }
    const { event } = first.take()
    if (matches(event)) found.push(event)
  }
  if (!(await earliest(cursors, query.descending === true))) return { events: found }
  return { events: found, next: cursors.map((cursor) => cursor.position()).join('.') }
}

/** How far one partition has been read for a page. */
interface Cursor {
  /** Whether more has to be read to know the next entry. */
  isDry(): boolean
  fill(): Promise<void>
  /** The next entry, or undefined at the end. */
  head(): LogEntry | undefined
  take(): LogEntry
  position(): number | ''
}

interface CursorParts {
  readonly store: BusLog
  readonly query: ArchiveQuery
  readonly limit: number
  readonly after: number | undefined
}

function createCursor({ store, query, limit, after }: CursorParts): Cursor {
  const range = rangeOf(query)
  // One more than asked for shows whether there is more; with a pattern it is not known how many it takes.
  const size = query.pattern ? PATTERN_PAGE : limit + 1
  let position = after
  let page: readonly LogEntry[] = []
  let index = 0
  let ended = false

  async function fill(): Promise<void> {
    page = await store.read({ ...range, ...(position === undefined ? {} : { after: position }), limit: size })
    index = 0
    ended = page.length < size
  }

  return {
    isDry: () => index >= page.length && !ended,
    fill,
    head: () => page[index],
    take() {
      const entry = page[index]
      if (!entry) throw new Fault('INTERNAL', 'Expected an entry that was seen before.')
      index += 1
      position = entry.position
      return entry
    },
    position: () => position ?? '',
  }
}

const PATTERN_PAGE = 500

async function earliest(cursors: readonly Cursor[], descending: boolean): Promise<Cursor | undefined> {
  const dry = cursors.filter((cursor) => cursor.isDry())
  if (dry.length > 0) await Promise.all(dry.map((cursor) => cursor.fill()))
  const sign = descending ? -1 : 1
  let first: { readonly cursor: Cursor; readonly event: Envelope } | undefined
  for (const cursor of cursors) {
    const event = cursor.head()?.event
    if (!event || (first && sign * compareEvents(event, first.event) >= 0)) continue
    first = { cursor, event }
  }
  return first?.cursor
}

function rangeOf({ from, to, descending }: ArchiveQuery): Omit<LogRange, 'limit'> {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(descending === undefined ? {} : { descending }),
  }
}

/** A position for each partition, empty for one that was not read yet. */
function parsePositions(
  after: string | undefined,
  count: number,
): readonly (number | undefined)[] | undefined {
  if (after === undefined) return undefined
  const positions = after.split('.')
  if (positions.length === count && positions.every((one) => /^\d{0,15}$/.test(one))) {
    return positions.map((one) => (one === '' ? undefined : Number(one)))
  }
  throw new Fault('BAD_REQUEST', 'Expected "after" to be the "next" of another page.')
}

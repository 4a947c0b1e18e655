import type { Envelope } from '../event.ts'
import type { ArchivePage, ArchiveQuery } from '../event-bus.ts'
import { Fault } from '../fault.ts'
import { type BusLog, type LogEntry, type LogRange, placeOf } from './bus-log.ts'
import { matcherOf } from './matcher.ts'
import { turn } from './turn.ts'

const MAX_LIMIT = 1000

/** Entries looked at for one page: a pattern that matches next to nothing gets a short page and a `next`. */
const MAX_SCANNED = 20_000

/** One page of everything ever published. Faults with BAD_REQUEST. */
export async function readArchive(store: Pick<BusLog, 'read'>, query: ArchiveQuery): Promise<ArchivePage> {
  const limit = checkLimit(query.limit)
  const matches = matcherOf(query.pattern)
  const range = rangeOf(query)
  const size = query.pattern ? MAX_LIMIT : limit + 1
  const found: Envelope[] = []
  let after = parsePosition(query.after)
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += size) {
    const page = await store.read({ ...range, ...(after === undefined ? {} : { after }), limit: size })
    const stop = collect(page, { found, limit, matches })
    after = stop ?? page.at(-1)?.position ?? after
    const isEnd = page.length < size && (stop === undefined || stop === page.at(-1)?.position)
    if (isEnd) return { events: found }
    if (stop !== undefined) break
    await turn()
  }
  return { events: found, next: String(after ?? 0) }
}

/** How many entries of a stretch of the log match; reads at most `most` entries and counts the rest as matching. */
export async function countMatching(
  store: Pick<BusLog, 'read' | 'last'>,
  range: Omit<LogRange, 'limit' | 'descending'> & { readonly after: number },
  counting: { readonly matches: (event: Envelope) => boolean; readonly most?: number },
): Promise<number> {
  let { after } = range
  let count = 0
  for (let scanned = 0; counting.most === undefined || scanned < counting.most; scanned += MAX_LIMIT) {
    const page = await store.read({ ...range, after, limit: MAX_LIMIT })
    count += page.filter((entry) => counting.matches(entry.event)).length
    if (page.length < MAX_LIMIT) return count
    const last = page.at(-1)
    after = last ? placeOf(last) : after
    await turn()
  }
  return count + Math.max(0, (range.until ?? (await store.last())) - after)
}

/** Answers the position of the entry that filled the page. */
function collect(
  page: readonly LogEntry[],
  into: {
    readonly found: Envelope[]
    readonly limit: number
    readonly matches: (event: Envelope) => boolean
  },
): number | undefined {
  for (const { position, event } of page) {
    if (into.matches(event)) into.found.push(event)
    if (into.found.length === into.limit) return position
  }
  return undefined
}

function rangeOf({ from, to, descending }: ArchiveQuery): Omit<LogRange, 'limit'> {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(descending === undefined ? {} : { descending }),
  }
}

export function checkLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new Fault('BAD_REQUEST', `Expected a limit from 1 to ${MAX_LIMIT}, got ${limit}.`)
}

function parsePosition(after: string | undefined): number | undefined {
  if (after === undefined) return undefined
  if (/^\d{1,16}$/.test(after) && Number.isSafeInteger(Number(after))) return Number(after)
  throw new Fault('BAD_REQUEST', 'Expected "after" to be the "next" of another page.')
}

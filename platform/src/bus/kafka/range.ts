import type { LogEntry, LogRange } from '../bus-log.ts'
import type { OldPage, OldPages } from './old-pages.ts'
import type { RecentEntries } from './recent.ts'

/** What a partition is read from. */
interface Sources {
  readonly recent: RecentEntries
  readonly old: OldPages
  /** The last position. */
  readonly end: number
}

/** A stretch of a partition, in either direction, from memory as far as it goes and from the broker beyond. */
export async function readRange(sources: Sources, range: LogRange): Promise<readonly LogEntry[]> {
  if (range.descending) return await readDown(sources, range)
  return await readUp(sources, { ...range, after: await startOf(sources, range) })
}

async function readUp(
  sources: Sources,
  range: LogRange & { readonly after: number },
): Promise<readonly LogEntry[]> {
  const found: LogEntry[] = []
  const until = Math.min(range.until ?? sources.end, sources.end)
  for (let { after } = range; after < until && found.length < range.limit; ) {
    const page = await pageAfter(sources, after)
    const wanted = page.entries.filter(
      ({ position, event }) => position <= until && isWithin(event.at, range),
    )
    found.push(...wanted.slice(0, range.limit - found.length))
    after = page.last
  }
  return found
}

async function pageAfter({ recent, old, end }: Sources, after: number): Promise<OldPage> {
  return after + 1 >= recent.from() ? { entries: recent.above(after), last: end } : await old.page(after)
}

/** The broker knows where the first event of that time stands, except for those that say they are of the future. */
async function startOf({ recent, old }: Sources, { after = 0, from }: LogRange): Promise<number> {
  if (from === undefined || after + 1 >= recent.from()) return after
  return Math.max(after, await old.offsetSince(from))
}

/** Positions looked at in one go on the way down, at least. */
const STEP = 500

async function readDown(sources: Sources, range: LogRange): Promise<readonly LogEntry[]> {
  const found: LogEntry[] = []
  let below = Math.min(range.after ?? sources.end + 1, sources.end + 1)
  while (below > 1 && found.length < range.limit) {
    const after = Math.max(0, below - 1 - Math.max(range.limit, STEP))
    const page = await readUp(sources, { after, until: below - 1, limit: Number.POSITIVE_INFINITY })
    const wanted = page.toReversed().filter(({ event }) => isWithin(event.at, range))
    found.push(...wanted.slice(0, range.limit - found.length))
    below = after + 1
  }
  return found
}

function isWithin(at: number, { from, to }: LogRange): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to)
}

import { scanPages } from '../../dynamo-bulk.ts'
import { eventKey, type Item } from './items.ts'
import { toWriter, type Writer } from './journal.ts'
import type { DynamoParts } from './parts.ts'
import { getItems } from './read.ts'

/** Rows of transactions whose events are not there. */
export interface Ahead {
  readonly rows: number
  /** A few of them. */
  readonly streams: readonly string[]
  /** When the latest was written, epoch milliseconds. */
  readonly latest: number
}

const NAMED = 5

/**
 * Rows written since then that are newer than the events table. Events cannot be made anew from rows, so such tables
 * are of no use: the events must be of a later moment than the rows.
 */
export async function findAhead(parts: DynamoParts, since: number): Promise<Ahead | undefined> {
  const streams = new Set<string>()
  let rows = 0
  let latest = 0
  const pages = scanPages(parts, {
    TableName: parts.tables.rows,
    // Thirteen digits until the year 2286, so texts are in the order of time.
    FilterExpression: '#by >= :since',
    ProjectionExpression: '#by',
    ExpressionAttributeNames: { '#by': 'by' },
    ExpressionAttributeValues: { ':since': { S: String(since) } },
  })
  for await (const page of pages) {
    for (const { at, event } of await withoutEvent(parts, page)) {
      rows += 1
      latest = Math.max(latest, at)
      if (event && streams.size < NAMED) streams.add(event.stream)
    }
  }
  return rows === 0 ? undefined : { rows, latest, streams: [...streams] }
}

async function withoutEvent(parts: DynamoParts, page: readonly Item[]): Promise<readonly Writer[]> {
  const writers = page.map((item) => toWriter(item['by']?.S))
  const wanted = new Map<string, Item>()
  for (const { event } of writers) if (event) wanted.set(nameOf(event), eventKey(event.stream, event.version))
  const found = await getItems(parts, parts.tables.events, [...wanted.values()])
  const there = new Set(
    found.map((item) => nameOf({ stream: item['stream']?.S ?? '', version: Number(item['version']?.N) })),
  )
  return writers.filter(({ event }) => event && !there.has(nameOf(event)))
}

function nameOf({ stream, version }: { readonly stream: string; readonly version: number }): string {
  return `${version} ${stream}`
}

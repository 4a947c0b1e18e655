import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb'
import { engineFault } from '../../engine-fault.ts'
import type { LogEntry, LogRange } from '../bus-log.ts'
import { type Append, createAppend, readHead } from './append.ts'
import {
  type IndexedEvent,
  type IndexRow,
  type Item,
  keyOf,
  type LoggedEvent,
  streamHome,
  toLogged,
} from './items.ts'
import type { EventBridgeParts } from './parts.ts'
import { createIndex, type Index } from './position-index.ts'
import { queryItems } from './query.ts'

/** Everything published, in DynamoDB: by stream for order, by position for everything else. */
export interface EventLog {
  append: Append
  readonly index: Index
  /** Whole events by what the index says of them; same order. */
  load(rows: readonly IndexedEvent[]): Promise<readonly LoggedEvent[]>
  read(range: LogRange): Promise<readonly LogEntry[]>
  at(position: number): Promise<LoggedEvent | undefined>
  /** Of one stream, oldest first: between two sequences, both excluded, and above a position. */
  between(stream: string, range: StreamPart): Promise<readonly LoggedEvent[]>
  head(stream: string): Promise<LoggedEvent | undefined>
}

export interface StreamPart {
  readonly above: number
  readonly below: number
  readonly abovePosition: number
}

const KEYS_AT_ONCE = 100
const REQUESTS_AT_ONCE = 4
const STREAM_PAGE = 100
const INDEX_PAGE = 1000

export function createEventLog(parts: EventBridgeParts): EventLog {
  const { clients, calls, names } = parts
  const index = createIndex(parts)

  async function load(rows: readonly IndexedEvent[]): Promise<readonly LoggedEvent[]> {
    const keys = rows.map((row) => keyOf(streamHome(row.stream), row.sequence))
    const found = new Map<number, LoggedEvent>()
    for (let i = 0; i < keys.length; i += KEYS_AT_ONCE * REQUESTS_AT_ONCE) {
      const starts = Array.from({ length: REQUESTS_AT_ONCE }, (_, n) => i + n * KEYS_AT_ONCE)
      const pages = await Promise.all(
        starts.map((start) => getItems(keys.slice(start, start + KEYS_AT_ONCE))),
      )
      for (const item of pages.flat()) {
        const logged = toLogged(item)
        found.set(logged.position, logged)
      }
    }
    return rows.flatMap(({ position }) => found.get(position) ?? [])
  }

  async function getItems(keys: readonly Item[]): Promise<readonly Item[]> {
    const items: Item[] = []
    for (let left = [...keys], attempt = 1; left.length > 0; attempt++) {
      const RequestItems = { [names.log]: { Keys: left, ConsistentRead: true } }
      const request = new BatchGetItemCommand({ RequestItems })
      const answer = await calls.dynamodb.call((abortSignal) =>
        clients.dynamodb.send(request, { abortSignal }),
      )
      items.push(...(answer.Responses?.[names.log] ?? []))
      left = answer.UnprocessedKeys?.[names.log]?.Keys ?? []
      if (left.length > 0 && !(await calls.dynamodb.mayRepeat(attempt))) throw throttled()
    }
    return items
  }

  async function between(stream: string, part: StreamPart): Promise<readonly LoggedEvent[]> {
    const found: LoggedEvent[] = []
    for (let below = part.below; below - 1 > part.above; below = found.at(-1)?.sequence ?? 0) {
      const page = await readStream(stream, { ...part, below })
      const wanted = page.filter(({ position }) => position > part.abovePosition)
      found.push(...wanted)
      if (wanted.length < STREAM_PAGE) break
    }
    return found.toReversed()
  }

  /** The newest first, as the newest are what is missing. */
  async function readStream(stream: string, part: StreamPart): Promise<readonly LoggedEvent[]> {
    const items = await queryItems(parts, {
      TableName: names.log,
      KeyConditionExpression: 'home = :home AND sort BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':home': { S: streamHome(stream) },
        ':from': { N: String(part.above + 1) },
        ':to': { N: String(part.below - 1) },
      },
      ScanIndexForward: false,
      Limit: STREAM_PAGE,
    })
    return items.map(toLogged)
  }

  async function read(range: LogRange): Promise<readonly LogEntry[]> {
    const rows = (await rowsOf(range)).slice(0, range.limit)
    return (await load(rows)).map(({ position, event }) => ({ position, event }))
  }

  async function rowsOf(range: LogRange): Promise<readonly IndexRow[]> {
    const isTimed = range.from !== undefined || range.to !== undefined
    const limit = isTimed ? INDEX_PAGE : Math.min(INDEX_PAGE, range.limit)
    const found: IndexRow[] = []
    let next: LogRange = { ...range, limit }
    for (let isEnd = false; !isEnd && found.length < range.limit; ) {
      const rows = await index.read(next)
      const last = rows.at(-1)
      found.push(...rows.filter((row) => isWithin(row, range)))
      isEnd = rows.length < limit || !last
      next = last ? { ...next, after: last.position } : next
    }
    return found
  }

  return {
    append: createAppend(parts),
    index,
    load,
    read,
    between,
    async at(position) {
      const row = await index.at(position)
      return row && (await load([row]))[0]
    },
    head: (stream) => readHead(parts, stream),
  }
}

function isWithin({ at }: IndexRow, { from, to }: LogRange): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to)
}

function throttled(): Error {
  return engineFault('STORE_UNAVAILABLE', 'DynamoDB left events unread for too long. Try again later.', {
    engine: 'dynamodb',
    kind: 'throttled',
  })
}

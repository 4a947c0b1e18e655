import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import {
  DAYS_HOME,
  type IndexRow,
  type Item,
  indexHome,
  keyOf,
  numberOf,
  shardOf,
  toIndexRow,
} from './items.ts'
import type { EventBridgeParts } from './parts.ts'
import { dayOf, positionAt } from './position.ts'
import { queryItems } from './query.ts'

/** All events by position: a row each in the partitions of its day. */
export interface Index {
  /** Less than `limit` only where the index ends. */
  read(range: IndexRange): Promise<readonly IndexRow[]>
  at(position: number): Promise<IndexRow | undefined>
  /** The highest position, 0 when nothing was published. */
  last(): Promise<number>
}

export interface IndexRange {
  /** Exclusive start: above it, or below it when descending. */
  readonly after?: number
  /** Inclusive end, ascending only. */
  readonly until?: number
  readonly limit: number
  readonly descending?: boolean
}

/** As far as clocks of publishers may be ahead of ours. */
const AHEAD_MS = 60_000
/** Days that are looked at without asking which there are. */
const FEW_DAYS = 2
/** A century's. */
const MANY_DAYS = 36_525

export function createIndex(parts: EventBridgeParts): Index {
  const { clients, calls, names, shards, clock } = parts

  async function query(
    home: string,
    { low, high, descending }: Bounds,
    Limit: number,
  ): Promise<readonly Item[]> {
    if (low > high) return []
    return await queryItems(parts, {
      TableName: names.log,
      KeyConditionExpression: 'home = :home AND sort BETWEEN :low AND :high',
      ExpressionAttributeValues: {
        ':home': { S: home },
        ':low': { N: String(low) },
        ':high': { N: String(high) },
      },
      ScanIndexForward: !descending,
      Limit,
    })
  }

  /** Days between two positions that may have events, in the order asked for. */
  async function daysOf({ low, high, descending }: Bounds): Promise<readonly number[]> {
    const first = dayOf(low)
    const last = Math.min(dayOf(high), dayOf(positionAt(clock.now() + AHEAD_MS)))
    const few = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).slice(
      0,
      FEW_DAYS + 1,
    )
    const days = few.length <= FEW_DAYS ? few : await registeredDays(first, dayOf(high))
    return descending ? days.toReversed() : days
  }

  async function registeredDays(first: number, last: number): Promise<readonly number[]> {
    const items = await query(DAYS_HOME, { low: first, high: last, descending: false }, MANY_DAYS)
    return items.map((item) => numberOf(item, 'sort'))
  }

  /**
   * One page of one day, its partitions merged. Positions go round the partitions, so each has about its share; a
   * partition that was not read to its end bounds what may be handed out.
   */
  async function readDay(day: number, bounds: Bounds, limit: number): Promise<DayPage> {
    const share = shards === 1 ? limit : Math.ceil(limit / shards) + 8
    const pages = await Promise.all(
      Array.from({ length: shards }, (_, shard) => query(indexHome(day, shard), bounds, share)),
    )
    const sign = bounds.descending ? -1 : 1
    const rows = pages.map((page) => page.map(toIndexRow))
    const cuts = rows.flatMap((page) => (page.length < share ? [] : sign * (page.at(-1)?.position ?? 0)))
    const cut = Math.min(...cuts)
    const merged = rows
      .flat()
      .filter(({ position }) => sign * position <= cut)
      .toSorted((a, b) => sign * (a.position - b.position))
    return { rows: merged, isWhole: cuts.length === 0 }
  }

  return {
    async read(range) {
      const { limit } = range
      let bounds = boundsOf(range)
      const found: IndexRow[] = []
      for (const day of await daysOf(bounds)) {
        for (let isWhole = false; !isWhole && found.length < limit; ) {
          const page = await readDay(day, bounds, limit - found.length)
          found.push(...page.rows)
          isWhole = page.isWhole
          bounds = beyond(bounds, page.rows.at(-1)?.position)
        }
        if (found.length >= limit) break
      }
      return found.slice(0, limit)
    },
    async at(position) {
      const home = indexHome(dayOf(position), shardOf(position, shards))
      const request = new GetItemCommand({
        TableName: names.log,
        Key: keyOf(home, position),
        ConsistentRead: true,
      })
      const { Item } = await calls.dynamodb.call((abortSignal) =>
        clients.dynamodb.send(request, { abortSignal }),
      )
      return Item && toIndexRow(Item)
    },
    async last() {
      const [day] = await query(DAYS_HOME, NEWEST, 1)
      if (!day) return 0
      const { rows } = await readDay(numberOf(day, 'sort'), NEWEST, 1)
      return rows[0]?.position ?? 0
    },
  }
}

const NEWEST: Bounds = { low: 0, high: Number.MAX_SAFE_INTEGER, descending: true }

interface Bounds {
  readonly low: number
  readonly high: number
  readonly descending: boolean
}

interface DayPage {
  readonly rows: readonly IndexRow[]
  readonly isWhole: boolean
}

function boundsOf({ after, until, descending = false }: IndexRange): Bounds {
  if (descending) return { low: 0, high: (after ?? Number.MAX_SAFE_INTEGER) - 1, descending }
  return { low: (after ?? 0) + 1, high: until ?? Number.MAX_SAFE_INTEGER, descending }
}

function beyond(bounds: Bounds, position: number | undefined): Bounds {
  if (position === undefined) return bounds
  return bounds.descending ? { ...bounds, high: position - 1 } : { ...bounds, low: position + 1 }
}

import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { Item } from './items.ts'
import type { DynamoParts } from './parts.ts'

/** How far one consumer was told, by shard. */
export interface Checkpoints {
  load(): Promise<SavedFeed>
  save(shard: string, checkpoint: Checkpoint): Promise<void>
  remove(shard: string): Promise<void>
  /**
   * The consumer was at work then, and had been told all that was recorded by `caughtUp`, as the events table itself
   * showed. Epoch milliseconds.
   */
  see(at: number, caughtUp: number): Promise<void>
  /** Undefined: it is over. */
  saveCatchUp(state: CatchUpState | undefined): Promise<void>
}

export interface Checkpoint {
  readonly parent: string | undefined
  /** The sequence number told last; undefined: the shard's oldest record is next. */
  readonly sequence: string | undefined
  readonly done: boolean
  /**
   * Whatever this shard and its parents had before is told. By the clocks of the writers, in epoch milliseconds;
   * 0 when nothing is known.
   */
  readonly recorded: number
}

/** Reading the events table for what the stream has lost. */
export interface CatchUpState {
  /** Only events recorded since then, by the clocks of the writers. Epoch milliseconds. */
  readonly since: number
  /** The key read last; undefined at the beginning. */
  readonly after: Item | undefined
  /** The newest of what was told, likewise. */
  readonly newest: number
  /** By the clock of the consumer. */
  readonly startedAt: number
}

export interface SavedFeed {
  readonly shards: ReadonlyMap<string, Checkpoint>
  /** Epoch milliseconds. */
  readonly seen: number | undefined
  /** 0 when nothing is known. */
  readonly caughtUp: number
  readonly catchUp: CatchUpState | undefined
}

/** Shards live for a day; what is kept of a shard longer than this is of no use. */
const KEPT_MS = 7 * 24 * 3_600_000
/** No shard is named so. */
const SEEN = '#seen'
const CATCH_UP = '#catch-up'

export function createCheckpoints(parts: DynamoParts, consumer: string): Checkpoints {
  const TableName = parts.tables.checkpoints
  const keyOf = (shard: string): Item => ({ consumer: { S: consumer }, shard: { S: shard } })

  async function put(shard: string, values: Item): Promise<void> {
    const expires = { N: String(Math.ceil((parts.clock.now() + KEPT_MS) / 1000)) }
    const request = new PutItemCommand({ TableName, Item: { ...keyOf(shard), ...values, expires } })
    await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  }

  async function remove(shard: string): Promise<void> {
    const request = new DeleteItemCommand({ TableName, Key: keyOf(shard) })
    await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  }

  return {
    remove,
    load: async () => toSavedFeed(await loadItems(parts, consumer)),
    save: (shard, checkpoint) => put(shard, fromCheckpoint(checkpoint)),
    see: (at, caughtUp) => put(SEEN, { seen: { N: String(at) }, told: { N: String(caughtUp) } }),
    saveCatchUp: (state) => (state ? put(CATCH_UP, fromCatchUp(state)) : remove(CATCH_UP)),
  }
}

async function loadItems(parts: DynamoParts, consumer: string): Promise<readonly Item[]> {
  const items: Item[] = []
  let start: { ExclusiveStartKey?: Item } = {}
  for (;;) {
    const request = new QueryCommand({
      TableName: parts.tables.checkpoints,
      KeyConditionExpression: 'consumer = :consumer',
      ExpressionAttributeValues: { ':consumer': { S: consumer } },
      ConsistentRead: true,
      ...start,
    })
    const page = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    items.push(...(page.Items ?? []))
    if (!page.LastEvaluatedKey) return items
    start = { ExclusiveStartKey: page.LastEvaluatedKey }
  }
}

function toSavedFeed(items: readonly Item[]): SavedFeed {
  const byShard = new Map(items.map((item) => [item['shard']?.S ?? '', item]))
  const [seen, catchUp] = [byShard.get(SEEN), byShard.get(CATCH_UP)]
  byShard.delete(SEEN)
  byShard.delete(CATCH_UP)
  return {
    shards: new Map([...byShard].map(([shard, item]) => [shard, toCheckpoint(item)])),
    seen: seen && numberIn(seen, 'seen'),
    caughtUp: seen ? numberIn(seen, 'told') : 0,
    catchUp: catchUp && toCatchUp(catchUp),
  }
}

function toCheckpoint(item: Item): Checkpoint {
  const { parent, sequence, done } = item
  const recorded = numberIn(item, 'recorded')
  return { parent: parent?.S, sequence: sequence?.S, done: done?.BOOL ?? false, recorded }
}

function fromCheckpoint({ parent, sequence, done, recorded }: Checkpoint): Item {
  return {
    done: { BOOL: done },
    recorded: { N: String(recorded) },
    ...(parent === undefined ? {} : { parent: { S: parent } }),
    ...(sequence === undefined ? {} : { sequence: { S: sequence } }),
  }
}

function toCatchUp(item: Item): CatchUpState {
  const [since, newest] = [numberIn(item, 'since'), numberIn(item, 'newest')]
  return { since, newest, startedAt: numberIn(item, 'startedAt'), after: item['after']?.M }
}

function fromCatchUp({ since, newest, startedAt, after }: CatchUpState): Item {
  return {
    since: { N: String(since) },
    newest: { N: String(newest) },
    startedAt: { N: String(startedAt) },
    ...(after ? { after: { M: after } } : {}),
  }
}

function numberIn(item: Item, name: string): number {
  return Number(item[name]?.N ?? 0)
}

import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import { type FedEvent, toEvent, withoutFirst } from './dynamo-items.ts'
import type { DynamoFeedParts } from './dynamo-parts.ts'
import { loadStream } from './dynamo-read.ts'
import { createShards, type ShardPage, type Shards } from './dynamo-shards.ts'
import type { FeedCursor, FeedSource } from './event-feed.ts'
import { createRecentVersions, type RecentVersions } from './recent-versions.ts'

const POLL_MS = 250
const REMEMBERED_STREAMS = 10_000
/** Shards live for a day; what is kept of a shard longer than this is of no use. */
const CHECKPOINT_KEPT_MS = 7 * 24 * 3_600_000

/** DynamoDB Streams as the change feed: every shard, parents before their children, a checkpoint per shard. */
export function dynamoFeed(parts: DynamoFeedParts): FeedSource {
  return { pollMs: POLL_MS, open: (consumer) => openCursor(parts, consumer) }
}

interface Batch {
  readonly events: readonly FedEvent[]
  readonly pages: readonly ShardPage[]
}

function openCursor(parts: DynamoFeedParts, consumer: string): FeedCursor {
  const shards = createShards(parts, consumer)
  const told = createRecentVersions(REMEMBERED_STREAMS)
  let batch: Batch | undefined
  return {
    async read() {
      batch ??= await nextBatch(parts, shards, told)
      if (batch.events.length > 0) return batch.events.map(withoutFirst)
      await finish(batch)
      return []
    },
    async done() {
      if (!batch) return
      for (const { stream, version } of batch.events) told.see(stream, version)
      await finish(batch)
    },
  }

  /** Nobody is told twice when saving fails: told remembers, and the page is read again. */
  async function finish({ pages }: Batch): Promise<void> {
    batch = undefined
    const moved = pages.filter((page) => page.records.length > 0 || page.next === undefined)
    await Promise.all(moved.map((page) => saveCheckpoint(parts, consumer, page)))
    for (const page of pages) shards.advance(page)
  }
}

async function nextBatch(parts: DynamoFeedParts, shards: Shards, told: RecentVersions): Promise<Batch> {
  const pages = await shards.read()
  const fed = pages.flatMap((page) => page.records.flatMap(eventOf))
  const groups = [...Map.groupBy(fed, (event) => event.stream).values()]
  const events = await Promise.all(groups.map((group) => inOrder(parts, told, group)))
  return { events: events.flat(), pages }
}

/**
 * One stream's events by version. Records of one transaction come in any order, and a stream that DynamoDB has
 * split over shards may come later in one than in the other: what is missing before an event is read from its table.
 */
async function inOrder(
  parts: DynamoFeedParts,
  told: RecentVersions,
  group: readonly FedEvent[],
): Promise<readonly FedEvent[]> {
  const sorted = group.toSorted((a, b) => a.version - b.version)
  const [lowest] = sorted
  if (!lowest) return []
  const complete: FedEvent[] = []
  let version = told.get(lowest.stream) ?? lowest.first - 1
  for (const event of sorted) {
    if (event.version <= version) continue
    const missing = event.version - version - 1
    if (missing > 0)
      complete.push(...(await loadStream(parts, event.stream, { after: version, limit: missing })))
    complete.push(event)
    version = event.version
  }
  return complete
}

function eventOf(record: _Record): readonly FedEvent[] {
  const image: Record<string, AttributeValue> | undefined = record.dynamodb?.NewImage
  return record.eventName === 'INSERT' && image ? [toEvent(image)] : []
}

async function saveCheckpoint(parts: DynamoFeedParts, consumer: string, page: ShardPage): Promise<void> {
  const sequence = page.records.at(-1)?.dynamodb?.SequenceNumber ?? page.shard.checkpoint
  const Item = {
    consumer: { S: consumer },
    shard: { S: page.shard.id },
    done: { BOOL: page.next === undefined },
    expires: { N: String(Math.ceil((parts.clock.now() + CHECKPOINT_KEPT_MS) / 1000)) },
    ...(sequence === undefined ? {} : { sequence: { S: sequence } }),
  }
  const request = new PutItemCommand({ TableName: parts.tables.checkpoints, Item })
  await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
}

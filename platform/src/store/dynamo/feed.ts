import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import { countEngineFault } from '../../engine-fault.ts'
import type { RecordedEvent } from '../../event.ts'
import type { FeedCursor, FeedSource } from '../event-feed.ts'
import { createRecentVersions, type RecentVersions } from '../recent-versions.ts'
import { readCatchUp } from './catch-up.ts'
import { type CatchUpState, createCheckpoints } from './checkpoints.ts'
import { type FedEvent, toFedEvent } from './items.ts'
import type { DynamoFeedParts } from './parts.ts'
import { loadStream } from './read.ts'
import { createReaders } from './readers.ts'
import { createShards, type ShardPage } from './shards.ts'

const POLL_MS = 250
const REMEMBERED_STREAMS = 10_000
/** So many pages of the events table may be read in a row without finding anything to tell. */
const EMPTY_PAGES_AT_ONCE = 20

/**
 * DynamoDB Streams as the change feed: every shard, parents before their children, a checkpoint per shard. What the
 * stream has lost, because nobody read it for a day, is read from the events table.
 */
export function dynamoFeed(parts: DynamoFeedParts): FeedSource {
  return { pollMs: POLL_MS, open: (consumer) => openCursor(parts, consumer) }
}

interface Batch {
  readonly events: readonly RecordedEvent[]
  /** Moves the checkpoint. */
  readonly finish: () => Promise<void>
}

function openCursor(parts: DynamoFeedParts, consumer: string): FeedCursor {
  const checkpoints = createCheckpoints(parts, consumer)
  const shards = createShards(parts, checkpoints)
  const readers = createReaders(parts, consumer)
  const told = createRecentVersions(REMEMBERED_STREAMS)
  let catchUp: CatchUpState | undefined
  let isLoaded = false
  let batch: Batch | undefined

  return {
    async read() {
      await readers.beat()
      batch ??= await nextBatch()
      if (batch.events.length > 0) return batch.events
      await finish(batch)
      return []
    },
    async done() {
      if (!batch) return
      for (const { stream, version } of batch.events) told.see(stream, version)
      await finish(batch)
    },
    close: () => readers.leave(),
  }

  /** Nobody is told twice when saving fails: told remembers, and the page is read again. */
  async function finish(finished: Batch): Promise<void> {
    batch = undefined
    await finished.finish()
  }

  async function nextBatch(): Promise<Batch> {
    if (!isLoaded) catchUp = await shards.load()
    isLoaded = true
    if (catchUp) return await nextOfTable(catchUp)
    const reading = await shards.read()
    if (reading.kind === 'pages') return await nextOfStream(reading.pages)
    if (!reading.isNewConsumer) reportGap(parts, consumer, reading.since)
    const state = {
      since: reading.since,
      newest: reading.since,
      startedAt: parts.clock.now(),
      after: undefined,
    }
    await checkpoints.saveCatchUp(state)
    catchUp = state
    return await nextOfTable(state)
  }

  async function nextOfStream(pages: readonly ShardPage[]): Promise<Batch> {
    const fed = pages.map((page) => ({ page, events: page.records.flatMap(eventOf) }))
    const groups = [
      ...Map.groupBy(
        fed.flatMap(({ events }) => events),
        ({ event }) => event.stream,
      ).values(),
    ]
    const events = await Promise.all(groups.map((group) => inOrder(parts, told, group)))
    return {
      events: events.flat(),
      finish: async () => {
        await Promise.all(fed.map(({ page, events: ofPage }) => shards.finish(page, newestOf(ofPage))))
      },
    }
  }

  async function nextOfTable(from: CatchUpState): Promise<Batch> {
    let state = from
    let isAtEnd = false
    const events: RecordedEvent[] = []
    for (let pages = 0; pages < EMPTY_PAGES_AT_ONCE && events.length === 0 && !isAtEnd; pages++) {
      const page = await readCatchUp(parts, state)
      for (const { event } of page.events)
        if (event.version > (told.get(event.stream) ?? 0)) events.push(event)
      state = { ...state, after: page.after, newest: Math.max(state.newest, newestOf(page.events)) }
      isAtEnd = page.after === undefined
    }
    return { events, finish: () => (isAtEnd ? endCatchUp(state) : saveCatchUp(state)) }
  }

  async function saveCatchUp(state: CatchUpState): Promise<void> {
    await checkpoints.saveCatchUp(state)
    catchUp = state
  }

  async function endCatchUp(state: CatchUpState): Promise<void> {
    await shards.mend(state)
    await checkpoints.saveCatchUp(undefined)
    catchUp = undefined
    parts.log.info(
      { consumer, table: parts.tables.events, since: state.since },
      'The change feed has caught up.',
    )
  }
}

function reportGap(parts: DynamoFeedParts, consumer: string, since: number): void {
  countEngineFault('dynamodb', 'stream_trimmed', 'STORE_UNAVAILABLE')
  const message =
    'The change feed was not read for a day, and its stream may have lost records. Nothing else is lost: ' +
    'what was recorded since then is told from the events table, some of it for the second time.'
  parts.log.error({ consumer, table: parts.tables.events, since: new Date(since).toISOString() }, message)
}

/**
 * One stream's events by version. Records of one transaction come in any order, and a stream that DynamoDB has
 * split over shards may come later in one than in the other: what is missing before an event is read from its table.
 */
async function inOrder(
  parts: DynamoFeedParts,
  told: RecentVersions,
  group: readonly FedEvent[],
): Promise<readonly RecordedEvent[]> {
  const sorted = group.toSorted((a, b) => a.event.version - b.event.version)
  const [lowest] = sorted
  if (!lowest) return []
  const complete: RecordedEvent[] = []
  let version = told.get(lowest.event.stream) ?? lowest.first - 1
  for (const { event } of sorted) {
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
  return record.eventName === 'INSERT' && image ? [toFedEvent(image)] : []
}

function newestOf(events: readonly FedEvent[]): number {
  return events.reduce((newest, { recorded = 0 }) => Math.max(newest, recorded), 0)
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { Clock } from './clock.ts'
import { engineFault } from './engine-fault.ts'
import type { EventStore } from './event-store.ts'
import { Fault, toFault } from './fault.ts'
import { type Log, silentLog } from './log.ts'
import type { Random } from './random.ts'
import { err } from './result.ts'
import { createDynamoCalls } from './store/dynamo/call.ts'
import { commitToDynamo } from './store/dynamo/commit.ts'
import { dynamoFeed } from './store/dynamo/feed.ts'
import { eventKey, textOf } from './store/dynamo/items.ts'
import type { DynamoParts } from './store/dynamo/parts.ts'
import { getItems, getRow, getRows, loadStream, queryRows } from './store/dynamo/read.ts'
import { MAX_READERS } from './store/dynamo/readers.ts'
import { createDynamoTables, tableNames } from './store/dynamo/tables.ts'
import { createVersionCheck } from './store/dynamo/version.ts'
import { createFeedHub, type FeedHub, type FeedSource } from './store/event-feed.ts'
import { type PreparedTransaction, prepareTransaction } from './store/prepared-transaction.ts'
import { createRecentVersions, type RecentVersions } from './store/recent-versions.ts'
import { checkRowKey, checkRowQuery, checkStreamRange } from './store/store-limits.ts'

export interface DynamoStoreOptions {
  /** Belongs to the caller, who closes it; its own retries may be few, the store has a budget. */
  readonly client: DynamoDBClient
  /** Needed to follow the change feed; reading and committing do without. */
  readonly streamsClient?: DynamoDBStreamsClient
  /** `stoa-orders-`: before the names of the store's three tables. */
  readonly tablePrefix: string
  readonly clock: Clock
  readonly random: Random
  readonly log?: Log
}

export interface DynamoStore extends EventStore {
  /** Creates the tables that are missing and waits until they are ready. */
  createTables(): Promise<void>
}

const REMEMBERED_STREAMS = 10_000

/**
 * Events, rows and checkpoints in three tables, all changes in one TransactWriteItems, DynamoDB Streams as the
 * change feed. One process follows under one consumer name, two names at most; who was away for longer than Streams
 * keep records is told from the events table. Faults: STORE_UNAVAILABLE (throttled, away, slow, ill), BAD_CONFIG
 * (tables, their version, credentials, role, clock), BAD_REQUEST (too large). Kinds: docs/tables.md.
 */
export function openDynamoStore(options: DynamoStoreOptions): DynamoStore {
  const { client, clock, random, streamsClient: streams, log = silentLog } = options
  const parts: DynamoParts = {
    client,
    clock,
    random,
    tables: tableNames(options.tablePrefix),
    calls: createDynamoCalls(options),
  }
  const whenRight = createVersionCheck(parts)
  const source = streams && checked(dynamoFeed({ ...parts, streams, log }), whenRight)
  const feed = source && createFeedHub({ source, clock, log })
  const seen = createRecentVersions(REMEMBERED_STREAMS)

  return {
    createTables: () => createDynamoTables(parts),
    async load(stream, range) {
      const checked = checkStreamRange(stream, range)
      await whenRight()
      const events = await loadStream(parts, stream, checked)
      const last = events.at(-1)
      if (last) seen.see(stream, last.version)
      return events
    },
    async commit(transaction) {
      const prepared = prepareTransaction(transaction)
      await whenRight()
      const ahead = await appendsWithGap(parts, seen, prepared)
      if (ahead.length > 0) return err({ code: 'CONFLICT', on: ahead })
      const committed = await commitToDynamo(parts, prepared)
      if (!committed.ok) return committed
      prepared.appends.forEach(({ stream }, i) => {
        seen.see(stream, committed.value.versions[i] ?? 0)
      })
      feed?.wake()
      return committed
    },
    async follow(consumer, handle) {
      const open = requireRoom(requireFeed(feed))
      await whenRight().catch(unlessItPasses)
      return open.follow(consumer, handle)
    },
    async get(key) {
      checkRowKey(key)
      await whenRight()
      return await getRow(parts, key)
    },
    async getMany(keys) {
      for (const key of keys) checkRowKey(key)
      await whenRight()
      return await getRows(parts, keys)
    },
    async query(query) {
      checkRowQuery(query)
      await whenRight()
      return await queryRows(parts, query)
    },
    async [Symbol.asyncDispose]() {
      await feed?.[Symbol.asyncDispose]()
    },
  }
}

/**
 * Streams whose expected version nobody has written yet. That a version is there never changes, so this may be
 * looked up before the transaction instead of inside, where it would use up items; mostly it was just loaded.
 */
async function appendsWithGap(
  parts: DynamoParts,
  seen: RecentVersions,
  { appends }: PreparedTransaction,
): Promise<readonly string[]> {
  const unsure = appends.filter(({ stream, expectedVersion }) => expectedVersion > (seen.get(stream) ?? 0))
  if (unsure.length === 0) return []
  const keys = unsure.map(({ stream, expectedVersion }) => eventKey(stream, expectedVersion))
  const found = new Set(
    (await getItems(parts, parts.tables.events, keys)).map((item) => textOf(item, 'stream')),
  )
  return unsure.map(({ stream }) => stream).filter((stream) => !found.has(stream))
}

/** Tables of another version are not read from, whenever that is found out. */
function checked(source: FeedSource, whenRight: () => Promise<void>): FeedSource {
  return {
    ...source,
    open(consumer) {
      const cursor = source.open(consumer)
      return {
        ...cursor,
        async read() {
          await whenRight()
          return await cursor.read()
        },
      }
    },
  }
}

/** A follower waits for a database that is away. */
function unlessItPasses(reason: unknown): void {
  if (!toFault(reason).retryable) throw reason
}

/** A third reader would be throttled by DynamoDB, and would hold up the other two. */
function requireRoom(feed: FeedHub): FeedHub {
  if (feed.followers < MAX_READERS) return feed
  throw engineFault(
    'BAD_CONFIG',
    `Expected at most ${MAX_READERS} followers of one DynamoDB stream, this would be one more. Let it subscribe to the event bus.`,
    { engine: 'dynamodb', kind: 'stream_readers' },
  )
}

function requireFeed(feed: FeedHub | undefined): FeedHub {
  if (feed) return feed
  throw new Fault('BAD_CONFIG', 'Following DynamoDB needs a streams client. Hand one to openDynamoStore.')
}

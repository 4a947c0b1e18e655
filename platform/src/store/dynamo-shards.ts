import { DescribeTableCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import {
  type _Record,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard as StreamShard,
} from '@aws-sdk/client-dynamodb-streams'
import { Fault } from '../fault.ts'
import type { DynamoFeedParts } from './dynamo-parts.ts'

/** The shards of the events table's stream as one consumer has read them. */
export interface Shards {
  /** A page of every shard whose parent is finished. */
  read(): Promise<readonly ShardPage[]>
  /** The page was dealt with: go on behind it. */
  advance(page: ShardPage): void
}

export interface Shard {
  readonly id: string
  readonly parent: string | undefined
  /** The sequence number told last. */
  checkpoint: string | undefined
  iterator: string | undefined
  done: boolean
}

export interface ShardPage {
  readonly shard: Shard
  readonly records: readonly _Record[]
  /** Where to go on; undefined when the shard is at its end for good. */
  readonly next: string | undefined
}

/** DynamoDB closes a shard and opens its children about every four hours. */
const REFRESH_MS = 30_000
const RECORDS_AT_ONCE = 500

export function createShards(parts: DynamoFeedParts, consumer: string): Shards {
  const known = new Map<string, Shard>()
  let streamArn: string | undefined
  let refreshAt = 0
  return {
    async read() {
      streamArn ??= await findStream(parts)
      if (parts.clock.now() >= refreshAt) await refresh(streamArn)
      const arn = streamArn
      const pages = await Promise.all(ready(known).map((shard) => readShard(parts, arn, shard)))
      return pages.filter((page) => page !== undefined)
    },
    advance({ shard, records, next }) {
      shard.checkpoint = records.at(-1)?.dynamodb?.SequenceNumber ?? shard.checkpoint
      shard.iterator = next
      shard.done = next === undefined
      if (shard.done) refreshAt = 0
    },
  }

  async function refresh(arn: string): Promise<void> {
    const found = await listShards(parts, arn)
    if (found.some(({ ShardId = '' }) => !known.has(ShardId))) await addNew(found)
    const ids = new Set(found.map(({ ShardId }) => ShardId))
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    refreshAt = parts.clock.now() + REFRESH_MS
  }

  async function addNew(found: readonly StreamShard[]): Promise<void> {
    const checkpoints = await loadCheckpoints(parts, consumer)
    for (const { ShardId: id, ParentShardId: parent } of found) {
      if (id === undefined || known.has(id)) continue
      const { checkpoint, done = false } = checkpoints.get(id) ?? {}
      known.set(id, { id, parent, checkpoint, done, iterator: undefined })
    }
  }
}

/** A parent that is not listed any more has been gone for a day. */
function ready(known: ReadonlyMap<string, Shard>): readonly Shard[] {
  return [...known.values()].filter(({ done, parent }) => !done && (known.get(parent ?? '')?.done ?? true))
}

async function readShard(
  parts: DynamoFeedParts,
  StreamArn: string,
  shard: Shard,
): Promise<ShardPage | undefined> {
  try {
    shard.iterator ??= await openIterator(parts, StreamArn, shard)
    const request = new GetRecordsCommand({ ShardIterator: shard.iterator, Limit: RECORDS_AT_ONCE })
    const answer = await parts.calls.call((abortSignal) => parts.streams.send(request, { abortSignal }))
    return { shard, records: answer.Records ?? [], next: answer.NextShardIterator }
  } catch (reason) {
    return startAgain(parts, shard, reason)
  }
}

/** Iterators live for fifteen minutes and records for a day. */
function startAgain(parts: DynamoFeedParts, shard: Shard, reason: unknown): undefined {
  const cause = reason instanceof Error ? reason.name : ''
  if (cause !== 'ExpiredIteratorException' && cause !== 'TrimmedDataAccessException') throw reason
  shard.iterator = undefined
  if (cause === 'ExpiredIteratorException') return
  shard.checkpoint = undefined
  const message =
    'the change feed was behind for more than a day: events before its oldest record were not handed on'
  parts.log.error({ shard: shard.id, table: parts.tables.events }, message)
}

async function openIterator(
  parts: DynamoFeedParts,
  StreamArn: string,
  shard: Shard,
): Promise<string | undefined> {
  const from =
    shard.checkpoint === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' as const }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: shard.checkpoint }
  const request = new GetShardIteratorCommand({ StreamArn, ShardId: shard.id, ...from })
  return (await parts.calls.call((abortSignal) => parts.streams.send(request, { abortSignal }))).ShardIterator
}

async function findStream(parts: DynamoFeedParts): Promise<string> {
  const request = new DescribeTableCommand({ TableName: parts.tables.events })
  const { Table } = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  if (Table?.LatestStreamArn) return Table.LatestStreamArn
  throw new Fault('BAD_CONFIG', `The table ${parts.tables.events} has no stream. Switch on NEW_IMAGE for it.`)
}

async function listShards(parts: DynamoFeedParts, StreamArn: string): Promise<readonly StreamShard[]> {
  const shards: StreamShard[] = []
  let start: string | undefined
  do {
    const request = new DescribeStreamCommand({
      StreamArn,
      ...(start ? { ExclusiveStartShardId: start } : {}),
    })
    const answer = await parts.calls.call((abortSignal) => parts.streams.send(request, { abortSignal }))
    shards.push(...(answer.StreamDescription?.Shards ?? []))
    start = answer.StreamDescription?.LastEvaluatedShardId
  } while (start)
  return shards
}

type Checkpoint = Pick<Shard, 'checkpoint' | 'done'>

async function loadCheckpoints(
  parts: DynamoFeedParts,
  consumer: string,
): Promise<ReadonlyMap<string, Checkpoint>> {
  const checkpoints = new Map<string, Checkpoint>()
  let start: { ExclusiveStartKey?: NonNullable<unknown> } & Record<string, unknown> = {}
  for (;;) {
    const request = new QueryCommand({
      TableName: parts.tables.checkpoints,
      KeyConditionExpression: 'consumer = :consumer',
      ExpressionAttributeValues: { ':consumer': { S: consumer } },
      ConsistentRead: true,
      ...start,
    })
    const page = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    for (const { shard, sequence, done } of page.Items ?? []) {
      checkpoints.set(shard?.S ?? '', { checkpoint: sequence?.S, done: done?.BOOL ?? false })
    }
    if (!page.LastEvaluatedKey) return checkpoints
    start = { ExclusiveStartKey: page.LastEvaluatedKey }
  }
}

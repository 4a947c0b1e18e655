import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import {
  type _Record,
  DescribeStreamCommand,
  type DescribeStreamCommandOutput,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { Fault } from '../../fault.ts'
import type { ListedShard } from './gap.ts'
import type { DynamoFeedParts } from './parts.ts'

export interface StreamListing {
  readonly shards: readonly ListedShard[]
  /** Epoch milliseconds; 0 when it does not say. */
  readonly createdAt: number
}

export interface ShardPlace {
  readonly id: string
  /** The sequence number told last; undefined: from the oldest on. */
  readonly sequence: string | undefined
  /** Where the last page ended, if that is known. */
  readonly iterator: string | undefined
}

export interface ReadRecords {
  readonly records: readonly _Record[]
  /** Where to go on; undefined when the shard is at its end for good. */
  readonly next: string | undefined
}

const RECORDS_AT_ONCE = 500

export async function findStream(parts: DynamoFeedParts): Promise<string> {
  const request = new DescribeTableCommand({ TableName: parts.tables.events })
  const { Table } = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  if (Table?.LatestStreamArn) return Table.LatestStreamArn
  throw new Fault('BAD_CONFIG', `The table ${parts.tables.events} has no stream. Switch on NEW_IMAGE for it.`)
}

export async function describeStream(parts: DynamoFeedParts, StreamArn: string): Promise<StreamListing> {
  const shards: ListedShard[] = []
  let start: string | undefined
  let createdAt = 0
  do {
    const request = new DescribeStreamCommand({
      StreamArn,
      ...(start ? { ExclusiveStartShardId: start } : {}),
    })
    const answer = await parts.calls.call((abortSignal) => parts.streams.send(request, { abortSignal }))
    for (const { ShardId: id, ParentShardId: parent } of answer.StreamDescription?.Shards ?? [])
      if (id !== undefined) shards.push({ id, parent })
    createdAt = creationOf(answer)
    start = answer.StreamDescription?.LastEvaluatedShardId
  } while (start)
  return { shards, createdAt }
}

/** The next records of a shard. Iterators live for fifteen minutes, records for a day. */
export async function readRecords(
  parts: DynamoFeedParts,
  StreamArn: string,
  place: ShardPlace,
): Promise<ReadRecords | 'expired' | 'trimmed'> {
  try {
    const ShardIterator = place.iterator ?? (await openIterator(parts, StreamArn, place))
    const request = new GetRecordsCommand({ ShardIterator, Limit: RECORDS_AT_ONCE })
    const answer = await parts.calls.call((abortSignal) => parts.streams.send(request, { abortSignal }))
    return { records: answer.Records ?? [], next: answer.NextShardIterator }
  } catch (reason) {
    const name = reason instanceof Error ? reason.name : ''
    if (name === 'ExpiredIteratorException') return 'expired'
    if (name === 'TrimmedDataAccessException') return 'trimmed'
    throw reason
  }
}

async function openIterator(
  parts: DynamoFeedParts,
  StreamArn: string,
  { id, sequence }: ShardPlace,
): Promise<string | undefined> {
  const from =
    sequence === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' as const }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: sequence }
  const request = new GetShardIteratorCommand({ StreamArn, ShardId: id, ...from })
  return (await parts.calls.call((abortSignal) => parts.streams.send(request, { abortSignal }))).ShardIterator
}

/** A stream is named by the time it was made at: `2026-01-05T09:00:00.000`, in UTC. */
function creationOf({ StreamDescription: stream }: DescribeStreamCommandOutput): number {
  const at = stream?.CreationRequestDateTime?.getTime() ?? Date.parse(`${stream?.StreamLabel}Z`)
  return Number.isFinite(at) ? at : 0
}

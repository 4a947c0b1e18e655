import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { RecordedEvent } from '../src/event.ts'

/** DynamoDB Streams over HTTP with shards as the test says: DynamoDB Local only ever has one, and it never ends. */
export interface FakeStreams extends AsyncDisposable {
  readonly endpoint: string
  /** Oldest first; may be added to and closed while somebody reads. */
  readonly shards: FakeShard[]
  /** The next GetRecords is answered with this error. */
  failNext(error: 'ExpiredIteratorException' | 'TrimmedDataAccessException'): void
  /** How often records were asked for. */
  reads(): number
  /** How often shards were asked for. */
  listings(): number
}

export interface FakeShard {
  readonly id: string
  readonly parent?: string
  readonly records: FakeRecord[]
  closed: boolean
  /** So many of its records are gone, as the oldest are after a day. */
  trimmed?: number
  /** Whoever begins to read is given so many empty pages before records. */
  emptyPages?: number
}

export interface FakeRecord {
  readonly event: RecordedEvent
  /** The first version of the append it came with. */
  readonly first: number
  /** By the clock of the writer; absent: now. Epoch milliseconds. */
  readonly recorded?: number
}

/** One record an answer: what may come in two pages does. */
const RECORDS_AT_ONCE = 1

/** `createdAt` is when the stream was made, in epoch milliseconds. */
export async function startFakeStreams(
  shards: FakeShard[],
  createdAt: number = Date.now(),
): Promise<FakeStreams> {
  let failure: string | undefined
  let reads = 0
  let listings = 0
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    void text(request).then((body) => {
      const { status, answer } = respond(operation, JSON.parse(body))
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    shards,
    failNext(error) {
      failure = error
    },
    reads: () => reads,
    listings: () => listings,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  function respond(operation: string, asked: Asked): { readonly status: number; readonly answer: object } {
    if (operation === 'GetRecords') reads += 1
    if (operation === 'DescribeStream') listings += 1
    const isTrimmed = operation === 'GetShardIterator' && isGone(shards, asked)
    const error = isTrimmed ? 'TrimmedDataAccessException' : operation === 'GetRecords' ? failure : undefined
    if (!error) return { status: 200, answer: answerTo({ shards, createdAt }, operation, asked) }
    failure = undefined
    return { status: 400, answer: { __type: error, message: error } }
  }
}

interface Asked {
  readonly ShardId: string
  readonly ShardIterator: string
  readonly SequenceNumber?: string
}

function isGone(shards: readonly FakeShard[], { ShardId, SequenceNumber }: Asked): boolean {
  const trimmed = shards.find(({ id }) => id === ShardId)?.trimmed ?? 0
  return SequenceNumber !== undefined && Number(SequenceNumber) < trimmed
}

interface Stream {
  readonly shards: readonly FakeShard[]
  readonly createdAt: number
}

function answerTo({ shards, createdAt }: Stream, operation: string, asked: Asked): object {
  if (operation === 'DescribeStream')
    return {
      StreamDescription: { Shards: shards.map(describeShard), CreationRequestDateTime: createdAt / 1000 },
    }
  if (operation === 'GetShardIterator') {
    // Sequence numbers count from 1 inside a shard, so this one is also the place to go on at.
    const { trimmed: oldest = 0, emptyPages = 0 } = shards.find(({ id }) => id === asked.ShardId) ?? {}
    return { ShardIterator: `${asked.ShardId}|${asked.SequenceNumber ?? oldest}|${emptyPages}` }
  }
  const [id, at, empty] = asked.ShardIterator.split('|')
  if (Number(empty) > 0) return { Records: [], NextShardIterator: `${id}|${at}|${Number(empty) - 1}` }
  const shard = shards.find((one) => one.id === id)
  if (!shard) throw new Error(`Nobody was given the iterator ${asked.ShardIterator}.`)
  const start = Number(at)
  const page = shard.records.slice(start, start + RECORDS_AT_ONCE)
  const next = start + page.length
  const isAtEnd = shard.closed && next === shard.records.length
  return {
    Records: page.map((record, i) => toRecord(record, start + i + 1)),
    ...(isAtEnd ? {} : { NextShardIterator: `${id}|${next}|0` }),
  }
}

function describeShard({ id, parent }: FakeShard): object {
  return parent === undefined ? { ShardId: id } : { ShardId: id, ParentShardId: parent }
}

function toRecord({ event, first, recorded = Date.now() }: FakeRecord, sequence: number): object {
  const NewImage = {
    stream: { S: event.stream },
    version: { N: String(event.version) },
    first: { N: String(first) },
    recorded: { N: String(recorded) },
    id: { S: event.id },
    type: { S: event.type },
    at: { N: String(event.at) },
    data: { S: JSON.stringify(event.data) },
    meta: { S: JSON.stringify(event.meta) },
  }
  const written = { SequenceNumber: String(sequence), ApproximateCreationDateTime: recorded / 1000 }
  return { eventName: 'INSERT', dynamodb: { NewImage, ...written } }
}

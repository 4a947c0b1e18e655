import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { countEngineFault } from '../../engine-fault.ts'
import type { Item } from './items.ts'
import type { DynamoFeedParts } from './parts.ts'

/** Who reads this stream, in all processes. DynamoDB throttles a stream that more than two read. */
export interface Readers {
  /** Says once a minute that this one is there, and warns when they have become too many. */
  beat(): Promise<void>
  leave(): Promise<void>
}

export const MAX_READERS = 2
const BEAT_MS = 60_000
/** Whoever was silent for longer has died. */
const ALIVE_MS = 150_000
const KEPT_MS = 3_600_000
/** No consumer is named so. */
const READERS = '#readers'

export function createReaders(parts: DynamoFeedParts, consumer: string): Readers {
  const TableName = parts.tables.checkpoints
  const Key: Item = { consumer: { S: READERS }, shard: { S: `${consumer}/${parts.random.uuid()}` } }
  let nextBeat = 0

  return {
    async beat() {
      const now = parts.clock.now()
      if (now < nextBeat) return
      nextBeat = now + BEAT_MS
      const expires = { N: String(Math.ceil((now + KEPT_MS) / 1000)) }
      const request = new PutItemCommand({ TableName, Item: { ...Key, seen: { N: String(now) }, expires } })
      await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
      const names = await alive(parts, now)
      if (names.length > MAX_READERS) warn(names)
    },
    async leave() {
      if (nextBeat === 0) return
      const request = new DeleteItemCommand({ TableName, Key })
      await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
    },
  }

  function warn(names: readonly string[]): void {
    countEngineFault('dynamodb', 'stream_readers', 'BAD_CONFIG')
    const message =
      `Expected at most ${MAX_READERS} readers of one stream, found ${names.length}: DynamoDB will throttle them. ` +
      'Stop one, or let further consumers subscribe to the event bus.'
    parts.log.warn({ readers: names, table: parts.tables.events }, message)
  }
}

/** The consumers of those that are alive, one for each reader. A page of 1 MB holds thousands. */
async function alive(parts: DynamoFeedParts, now: number): Promise<readonly string[]> {
  const request = new QueryCommand({
    TableName: parts.tables.checkpoints,
    KeyConditionExpression: 'consumer = :readers',
    FilterExpression: 'seen > :since',
    ExpressionAttributeValues: { ':readers': { S: READERS }, ':since': { N: String(now - ALIVE_MS) } },
    ConsistentRead: true,
  })
  const { Items = [] } = await parts.calls.call((abortSignal) => parts.client.send(request, { abortSignal }))
  return Items.map(({ shard }) => shard?.S?.split('/')[0] ?? '')
}

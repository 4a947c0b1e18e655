import { setTimeout as wait } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { type FakeShard, type FakeStreams, startFakeStreams } from '../../../test/fake-streams.ts'
import { systemClock } from '../../clock.ts'
import type { RecordedEvent } from '../../event.ts'
import { type DynamoStore, openDynamoStore } from '../../event-store.dynamodb.ts'
import { silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { append, appendTo, eventually, names } from '../contract/parts.contract.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe

describeHere(
  reason ? `The feed of DynamoDB is not tried: ${reason}` : 'the change feed over DynamoDB Streams',
  () => {
    let server: LocalServer
    let client: DynamoDBClient
    let stores = 0

    beforeAll(async () => {
      server = await startDynamodbLocal()
      client = new DynamoDBClient(clientConfig(server.endpoint))
    })

    afterAll(async () => {
      client.destroy()
      await server[Symbol.asyncDispose]()
    })

    /** Tables in DynamoDB Local, shards as the test says, and what a follower is told. */
    async function open(shards: FakeShard[]) {
      stores += 1
      const streams = await startFakeStreams(shards)
      const streamsClient = new DynamoDBStreamsClient(clientConfig(streams.endpoint))
      const ports = { client, streamsClient, clock: systemClock, random: systemRandom, log: silentLog }
      const store = openDynamoStore({ ...ports, tablePrefix: `f${stores}-` })
      await store.createTables()
      const told: RecordedEvent[] = []
      const follow = () => store.follow('relay', async (events) => void told.push(...events))
      return {
        store,
        streams,
        told,
        follow,
        async [Symbol.asyncDispose]() {
          await store[Symbol.asyncDispose]()
          streamsClient.destroy()
          await streams[Symbol.asyncDispose]()
        },
      }
    }

    it('reads parents to their end before their children, whatever order they are listed in', async () => {
      const parent = shard('parent')
      await using bench = await open([shard('grandchild', 'child'), shard('child', 'parent'), parent])
      await appendAndRecord(bench, 'a', ['parent', 'child', 'grandchild'])
      await using _ = await bench.follow()
      await eventually(() => bench.told.length > 0, 'the first event')
      await wait(600)
      expect(names(bench.told)).toEqual(['a@1'])
      for (const one of bench.streams.shards) one.closed = true
      await eventually(() => bench.told.length >= 3, 'all three')
      expect(names(bench.told)).toEqual(['a@1', 'a@2', 'a@3'])
    })

    it('puts the events of one transaction in order though their records are not', async () => {
      await using bench = await open([shard('s')])
      await append(bench.store, appendTo('a', 0, 3))
      const events = await bench.store.load('a')
      for (const i of [2, 0, 1]) record(bench.streams, 's', events[i], 1)
      await append(bench.store, appendTo('a', 3))
      record(bench.streams, 's', (await bench.store.load('a'))[3], 4)
      await using _ = await bench.follow()
      await eventually(() => bench.told.length >= 4, 'four events')
      await wait(300)
      expect(names(bench.told)).toEqual(['a@1', 'a@2', 'a@3', 'a@4'])
    })

    it('waits for nobody when a stream is split over two shards and one is behind', async () => {
      await using bench = await open([shard('fast'), shard('slow')])
      await using _ = await bench.follow()
      await appendAndRecord(bench, 'a', ['fast', 'fast'])
      await eventually(() => bench.told.length >= 2, 'the first two')
      await append(bench.store, appendTo('a', 2))
      await append(bench.store, appendTo('a', 3))
      const [third, fourth] = await bench.store.load('a', { after: 2 })
      record(bench.streams, 'fast', fourth, 4)
      await eventually(() => bench.told.length >= 4, 'the other two')
      record(bench.streams, 'slow', third, 3)
      await wait(600)
      expect(names(bench.told)).toEqual(['a@1', 'a@2', 'a@3', 'a@4'])
    })

    it('goes on behind its checkpoint after an iterator expired', async () => {
      await using bench = await open([shard('s')])
      await appendAndRecord(bench, 'a', ['s', 's'])
      await using _ = await bench.follow()
      await eventually(() => bench.told.length >= 2, 'two events')
      bench.streams.failNext('ExpiredIteratorException')
      await appendAndRecord(bench, 'b', ['s'])
      await eventually(() => bench.told.length >= 3, 'the third')
      expect(names(bench.told)).toEqual(['a@1', 'a@2', 'b@1'])
    })

    it('remembers each shard on its own, the finished ones too', async () => {
      await using bench = await open([shard('old'), shard('new', 'old'), shard('other')])
      await appendAndRecord(bench, 'a', ['old', 'new'])
      await appendAndRecord(bench, 'b', ['other'])
      for (const one of bench.streams.shards) one.closed = one.id === 'old'
      const following = await bench.follow()
      await eventually(() => bench.told.length >= 3, 'three events')
      await following[Symbol.asyncDispose]()
      bench.told.length = 0
      await using _ = await bench.follow()
      await append(bench.store, appendTo('b', 1))
      record(bench.streams, 'other', (await bench.store.load('b'))[1], 2)
      await eventually(() => bench.told.length > 0, 'the new one')
      await wait(300)
      expect(names(bench.told)).toEqual(['b@2'])
    })
  },
)

function shard(id: string, parent?: string): FakeShard {
  return parent === undefined
    ? { id, records: [], closed: false }
    : { id, parent, records: [], closed: false }
}

/** One event to a shard, each an append of its own. */
async function appendAndRecord(
  bench: { readonly store: DynamoStore; readonly streams: FakeStreams },
  stream: string,
  shardIds: readonly string[],
): Promise<void> {
  for (const [i, shardId] of shardIds.entries()) {
    await append(bench.store, appendTo(stream, i))
    record(bench.streams, shardId, (await bench.store.load(stream, { after: i }))[0], i + 1)
  }
}

function record(
  streams: FakeStreams,
  shardId: string,
  event: RecordedEvent | undefined,
  first: number,
): void {
  if (event) streams.shards.find(({ id }) => id === shardId)?.records.push({ event, first })
}

function clientConfig(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
}

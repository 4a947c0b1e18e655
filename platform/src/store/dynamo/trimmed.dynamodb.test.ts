import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import fc from 'fast-check'
import { countFaults } from '../../../test/count-faults.ts'
import { type FakeShard, startFakeStreams } from '../../../test/fake-streams.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { RecordedEvent } from '../../event.ts'
import { openDynamoStore } from '../../event-store.dynamodb.ts'
import { type Log, silentLog } from '../../log.ts'
import { systemRandom } from '../../random.ts'
import { append, appendTo, eventually, expectInOrder, names } from '../contract/parts.contract.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe
const HOUR_MS = 3_600_000
const trimmedOnce = [{ engine: 'dynamodb', kind: 'stream_trimmed', code: 'STORE_UNAVAILABLE' }]

describeHere(
  reason ? `What a stream loses is not tried: ${reason}` : 'a feed that was away for a day',
  () => {
    let server: LocalServer
    let client: DynamoDBClient
    let stores = 0

    beforeAll(async () => {
      server = await startDynamodbLocal()
      client = new DynamoDBClient(clientConfig(server.endpoint))
    })

    afterEach(() => metrics.disable())

    afterAll(async () => {
      client.destroy()
      await server[Symbol.asyncDispose]()
    })

    /** Tables in DynamoDB Local, a stream that forgets as the test says, and what a follower is told. */
    async function open(createdAt?: number) {
      stores += 1
      const shards: FakeShard[] = [{ id: 's1', records: [], closed: false }]
      const streams = await startFakeStreams(shards, createdAt)
      const streamsClient = new DynamoDBStreamsClient(clientConfig(streams.endpoint))
      const time = { offset: 0 }
      const errors: string[] = []
      const gaps: string[] = []
      const error: Log['error'] = (fields, message) => {
        errors.push(message)
        gaps.push(String(fields['since']))
      }
      const log: Log = { ...silentLog, error }
      const ports = { client, streamsClient, clock: shiftedClock(time), random: systemRandom, log }
      const tablePrefix = `g${stores}-`
      const store = openDynamoStore({ ...ports, tablePrefix })
      await store.createTables()
      const told: RecordedEvent[] = []
      return {
        store,
        streams,
        shards,
        told,
        errors,
        gaps,
        tablePrefix,
        follow: () => store.follow('relay', async (events) => void told.push(...events)),
        /** One append and, unless it is lost, its records at the end of the open shard. */
        async write(stream: string, count: number) {
          const after = (await store.load(stream)).length
          await append(store, appendTo(stream, after, count))
          for (const event of await store.load(stream, { after }))
            shards.at(-1)?.records.push({ event, first: after + 1, recorded: ports.clock.now() })
        },
        pass: (ms: number) => {
          time.offset += ms
        },
        /** A day goes by: what was written is not in the stream any more. */
        forget() {
          time.offset += 25 * HOUR_MS
          for (const shard of shards) shard.trimmed = shard.records.length
        },
        /** Empty pages without end lie before the records of a shard. */
        hide(at: number) {
          const shard = shards[at]
          if (shard) shard.emptyPages = 1e6
        },
        /** The open shard ends and goes, as all shards do; another takes its place. */
        replace(parent: string) {
          const shard = { id: `${parent}+`, parent, records: [], closed: false }
          shards.splice(0, shards.length, shard)
        },
        async [Symbol.asyncDispose]() {
          await store[Symbol.asyncDispose]()
          streamsClient.destroy()
          await streams[Symbol.asyncDispose]()
        },
      }
    }

    type Bench = Awaited<ReturnType<typeof open>>

    /** Follows until this was told, and stops. */
    async function hear(bench: Bench, last: string): Promise<void> {
      const following = await bench.follow()
      await eventually(() => names(bench.told).includes(last), last)
      await following[Symbol.asyncDispose]()
    }

    it('is told from the table what the stream has trimmed, in order, and then goes on with the stream', async () => {
      await using bench = await open()
      await bench.write('a', 2)
      await hear(bench, 'a@2')
      const counted = countFaults()
      await bench.write('b', 3)
      await bench.write('a', 3)
      bench.forget()
      await bench.write('c', 1)
      await hear(bench, 'c@1')
      expectInOrder(bench.told)
      expect(new Set(names(bench.told))).toEqual(new Set([...all('a', 5), ...all('b', 3), ...all('c', 1)]))
      expect(counted).toEqual(trimmedOnce)
      expect(bench.errors).toEqual([
        expect.stringContaining('its stream may have lost records. Nothing else is lost'),
      ])
    })

    it('does not repeat what was told an hour and more before it stopped', async () => {
      await using bench = await open()
      await bench.write('old', 2)
      bench.pass(2 * HOUR_MS)
      await bench.write('new', 1)
      await hear(bench, 'new@1')
      await bench.write('lost', 1)
      bench.forget()
      bench.told.length = 0
      await hear(bench, 'lost@1')
      expect(names(bench.told)).not.toContain('old@1')
    })

    it.each(['slept for a day', 'started again after a day'])(
      'looks only for what is newer than its last look when it %s over a stream without records',
      async (how) => {
        await using bench = await open(Date.now() - 100 * HOUR_MS)
        await append(bench.store, appendTo('a', 0, 3))
        const before = Date.now()
        const following = await bench.follow()
        await eventually(() => bench.streams.reads() > 1, 'a look')
        expect(names(bench.told)).toEqual(all('a', 3))
        if (how !== 'slept for a day') await following[Symbol.asyncDispose]()
        bench.pass(25 * HOUR_MS)
        await using _again = how === 'slept for a day' ? following : await bench.follow()
        await eventually(() => bench.gaps.length > 0, 'the gap')
        expect(Date.parse(bench.gaps[0] ?? '')).toBeGreaterThanOrEqual(before)
      },
    )

    it.each(['trimmed', 'gone'])(
      'loses nothing that lay behind empty pages when the shard is %s before it was read so far',
      async (how) => {
        await using bench = await open()
        bench.hide(0)
        await bench.write('a', 2)
        bench.pass(2 * HOUR_MS)
        const before = await bench.follow()
        await eventually(() => bench.streams.reads() > 5, 'empty pages')
        await before[Symbol.asyncDispose]()
        bench.forget()
        if (how === 'gone') bench.replace('s1+')
        await hear(bench, 'a@2')
        expect(names(bench.told)).toEqual(all('a', 2))
        expect(Date.parse(bench.gaps[0] ?? '')).toBeGreaterThan(Date.now() - HOUR_MS)
      },
    )

    it('loses nothing of a shard that was listed late, with none open meanwhile', async () => {
      await using bench = await open()
      await bench.write('a', 1)
      const [first] = bench.shards
      if (first) first.closed = true
      const before = await bench.follow()
      await eventually(() => bench.told.length === 1, 'the end of the first shard')
      await append(bench.store, appendTo('b', 0, 2))
      await passAndList(bench, 2 * HOUR_MS)
      const reads = bench.streams.reads()
      bench.shards.push({ id: 's2', parent: 's1', records: [], closed: false, emptyPages: 1e6 })
      bench.pass(HOUR_MS)
      await eventually(() => bench.streams.reads() > reads + 2, 'empty pages')
      await before[Symbol.asyncDispose]()
      bench.forget()
      await hear(bench, 'b@2')
      expectInOrder(bench.told)
    })

    it('looks only behind the last shards it knew when it was idle for long before it stopped', async () => {
      await using bench = await open()
      const start = Date.now()
      const before = await bench.follow()
      await eventually(() => bench.streams.reads() > 1, 'a look')
      await passAndList(bench, 5 * HOUR_MS)
      const reads = bench.streams.reads()
      const [first] = bench.shards
      bench.shards.push({ id: 's2', parent: 's1', records: [], closed: false })
      if (first) first.closed = true
      await eventually(() => bench.streams.reads() > reads + 5, 'a look at the second')
      await before[Symbol.asyncDispose]()
      bench.forget()
      bench.replace('s3')
      await using _again = await bench.follow()
      await eventually(() => bench.gaps.length > 0, 'the gap')
      expect(Date.parse(bench.gaps[0] ?? '')).toBeGreaterThanOrEqual(start + 5 * HOUR_MS)
    })

    async function passAndList({ streams, pass }: Bench, ms: number): Promise<void> {
      const listings = streams.listings()
      pass(ms)
      await eventually(() => streams.listings() > listings, 'the shards, looked at again')
    }

    it('notices that a shard it had not finished is gone', async () => {
      await using bench = await open()
      await bench.write('a', 1)
      await hear(bench, 'a@1')
      const counted = countFaults()
      await bench.write('a', 1)
      bench.replace('s1')
      bench.replace('s1+')
      await bench.write('a', 1)
      await hear(bench, 'a@3')
      expectInOrder(bench.told)
      expect(counted).toEqual(trimmedOnce)
    })

    it('notices that a shard it had not begun has lost its oldest records', async () => {
      await using bench = await open()
      await bench.write('a', 1)
      const [first] = bench.shards
      if (first) first.closed = true
      bench.shards.push({ id: 's2', parent: 's1', records: [], closed: false })
      await hear(bench, 'a@1')
      const counted = countFaults()
      await bench.write('b', 1)
      bench.forget()
      await bench.write('b', 1)
      await hear(bench, 'b@2')
      expect(names(bench.told)).toEqual(expect.arrayContaining(all('b', 2)))
      expectInOrder(bench.told)
      expect(counted).toEqual(trimmedOnce)
    })

    it('goes on where it was when it stops in the middle of catching up', async () => {
      await using bench = await open()
      await bench.write('first', 1)
      await hear(bench, 'first@1')
      const streams = Array.from({ length: 12 }, (_, i) => `s-${i}`)
      for (const stream of streams) await append(bench.store, appendTo(stream, 0, 100))
      bench.forget()
      bench.replace('s1')
      let batches = 0
      const broken = await bench.store.follow('relay', async (events) => {
        batches += 1
        if (batches > 1) throw new Error('the bus is away')
        bench.told.push(...events)
      })
      await eventually(() => batches > 1, 'the second page')
      await broken[Symbol.asyncDispose]()
      const before = bench.told.length
      const following = await bench.follow()
      await eventually(() => new Set(names(bench.told)).size === 1201, 'everything')
      await following[Symbol.asyncDispose]()
      expectInOrder(bench.told)
      expect(before).toBeGreaterThan(500)
      expect(bench.told.length).toBeLessThan(1201 + before)
    }, 60_000)

    it('tells a new consumer of an old stream everything, which is no fault', async () => {
      const counted = countFaults()
      await using bench = await open(Date.now() - 100 * HOUR_MS)
      await append(bench.store, appendTo('a', 0, 3))
      await hear(bench, 'a@3')
      expect(names(bench.told)).toEqual(all('a', 3))
      expect(counted).toEqual([])
    })

    it('loses nothing, whatever the stream forgets and whenever it is read', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(phase, { minLength: 2, maxLength: 5 }), async (phases) => {
          await using bench = await open()
          const written = new Map<string, number>()
          for (const one of phases) await live(bench, one, written)
          await hearAll(bench, written)
          expectInOrder(bench.told)
        }),
        { numRuns: 6 },
      )
    }, 100_000)

    async function live(
      bench: Bench,
      { writes, isHeard, after }: Phase,
      written: Map<string, number>,
    ): Promise<void> {
      for (const [stream, count] of writes) {
        await bench.write(stream, count)
        written.set(stream, (written.get(stream) ?? 0) + count)
      }
      if (isHeard) await hearAll(bench, written)
      if (after !== 'nothing') bench.forget()
      if (after === 'replace') bench.replace(bench.shards.at(-1)?.id ?? '')
    }

    async function hearAll(bench: Bench, written: ReadonlyMap<string, number>): Promise<void> {
      const expected = [...written].flatMap(([stream, count]) => all(stream, count))
      const following = await bench.follow()
      await eventually(() => new Set(expected).isSubsetOf(new Set(names(bench.told))), expected.join(' '))
      await following[Symbol.asyncDispose]()
    }

    it('catches up and goes on with the streams of DynamoDB Local', async () => {
      await using bench = await open()
      const streamsClient = new DynamoDBStreamsClient(clientConfig(server.endpoint))
      const ports = { client, streamsClient, clock: systemClock, random: systemRandom }
      await using store = openDynamoStore({ ...ports, tablePrefix: bench.tablePrefix })
      await append(store, appendTo('a', 0, 3))
      const TableName = `${bench.tablePrefix}checkpoints`
      const gone = { consumer: { S: 'relay' }, shard: { S: 'shardId-of-last-week' }, recorded: { N: '1' } }
      await client.send(new PutItemCommand({ TableName, Item: gone }))
      const counted = countFaults()
      const told: RecordedEvent[] = []
      await using _ = await store.follow('relay', async (events) => void told.push(...events))
      await eventually(() => told.length >= 3, 'what was written')
      await append(store, appendTo('a', 3))
      await eventually(() => told.length >= 4, 'what is written now')
      expect(names(told)).toEqual(all('a', 4))
      expect(counted).toEqual(trimmedOnce)
      streamsClient.destroy()
    })

    it('allows two readers of a stream, and warns when other processes make them more', async () => {
      await using bench = await open()
      const warnings: string[] = []
      const log: Log = { ...silentLog, warn: (_, message) => void warnings.push(message) }
      const streamsClient = new DynamoDBStreamsClient(clientConfig(server.endpoint))
      const ports = { client, streamsClient, clock: systemClock, random: systemRandom, log }
      await using one = openDynamoStore({ ...ports, tablePrefix: bench.tablePrefix })
      await using other = openDynamoStore({ ...ports, tablePrefix: bench.tablePrefix })
      const ignore = async (): Promise<void> => {}
      await one.follow('relay', ignore)
      await one.follow('search', ignore)
      await expect(one.follow('third', ignore)).rejects.toMatchObject({
        code: 'BAD_CONFIG',
        message: expect.stringContaining('at most 2 followers of one DynamoDB stream'),
      })
      const counted = countFaults()
      await other.follow('third', ignore)
      await eventually(() => warnings.length > 0, 'a warning')
      expect(warnings[0]).toContain('Expected at most 2 readers of one stream, found 3')
      expect(counted[0]).toEqual({ engine: 'dynamodb', kind: 'stream_readers', code: 'BAD_CONFIG' })
      streamsClient.destroy()
    })
  },
)

interface Phase {
  readonly writes: readonly (readonly [stream: string, count: number])[]
  readonly isHeard: boolean
  readonly after: 'nothing' | 'forget' | 'replace'
}

const phase: fc.Arbitrary<Phase> = fc.record({
  writes: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 3 })), {
    maxLength: 3,
  }),
  isHeard: fc.boolean(),
  after: fc.constantFrom('nothing', 'forget', 'replace'),
})

function all(stream: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${stream}@${i + 1}`)
}

function shiftedClock(time: { readonly offset: number }): Clock {
  return {
    now: () => systemClock.now() + time.offset,
    schedule: (at, run) => systemClock.schedule(at - time.offset, run),
  }
}

function clientConfig(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
}

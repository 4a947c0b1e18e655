import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { type IndexedEvent, itemsOf } from './bus/eventbridge/items.ts'
import { positionAt } from './bus/eventbridge/position.ts'
import { systemClock } from './clock.ts'
import type { Envelope } from './event.ts'
import { type DynamoStore, openDynamoStore } from './event-store.dynamodb.ts'
import { systemRandom } from './random.ts'
import { type ReconcileOptions, reconcileDynamo } from './restore.dynamodb.ts'
import { append, appendTo, eventually, newEvent } from './store/contract/parts.contract.ts'
import type { RowWrite } from './table-store.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe
const tools = { clock: systemClock, random: systemRandom }
const key = (sort: string) => ({ table: 'orders', partition: 'O-1', sort })

describeHere(
  reason ? `Reconciling is not tried: ${reason}` : 'reconciling tables of different moments',
  () => {
    const opened = new AsyncDisposableStack()
    let client: DynamoDBClient
    let streams: DynamoDBStreamsClient
    let shops = 0

    beforeAll(async () => {
      const server: LocalServer = opened.use(await startDynamodbLocal())
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
      const config = { endpoint: server.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
      client = new DynamoDBClient(config)
      streams = new DynamoDBStreamsClient(config)
      opened.defer(() => client.destroy())
      opened.defer(() => streams.destroy())
    }, 60_000)
    afterAll(() => opened.disposeAsync())

    async function open() {
      shops += 1
      const prefix = `p${shops}-`
      const store = openDynamoStore({
        ...{ client, streamsClient: streams, ...tools },
        tablePrefix: `${prefix}orders-`,
      })
      await store.createTables()
      await createBusTable(`${prefix}bus-log`, 'N')
      await createBusTable(`${prefix}bus-books`, 'S')
      const reconcile = (more: Partial<ReconcileOptions> = {}) =>
        reconcileDynamo({
          ...{ client, ...tools, prefix, stores: ['orders'], since: Date.now() - 600_000 },
          ...more,
        })
      return { prefix, store, reconcile }
    }

    async function createBusTable(TableName: string, AttributeType: 'N' | 'S'): Promise<void> {
      const AttributeDefinitions = [
        { AttributeName: 'home', AttributeType: 'S' as const },
        { AttributeName: 'sort', AttributeType },
      ]
      const KeySchema = [
        { AttributeName: 'home', KeyType: 'HASH' as const },
        { AttributeName: 'sort', KeyType: 'RANGE' as const },
      ]
      const BillingMode = 'PAY_PER_REQUEST'
      await client.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }))
    }

    async function items(TableName: string) {
      return (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? []
    }

    async function put(TableName: string, list: readonly PutItemCommandInput['Item'][]): Promise<void> {
      for (const Item of list) await client.send(new PutItemCommand({ TableName, Item }))
    }

    async function commit(store: DynamoStore, after: number, rows: readonly RowWrite[]): Promise<void> {
      expect(await store.commit({ appends: [appendTo('order-1', after, 1)], rows })).toMatchObject({
        ok: true,
      })
    }

    it('does again what transactions did to rows that are not there, and leaves newer rows alone', async () => {
      const { prefix, store, reconcile } = await open()
      await commit(store, 0, [
        { ...key('order'), value: { status: 'PLACED' }, expect: 'absent' },
        { ...key('gone'), value: { status: 'PLACED' } },
      ])
      await commit(store, 1, [{ ...key('newer'), value: { by: 'event' } }])
      await store.commit({ rows: [{ ...key('newer'), value: { by: 'nobody' } }] })
      const rows = await items(`${prefix}orders-rows`)
      await commit(store, 2, [
        { ...key('order'), value: { status: 'PAID' }, expect: { version: 1 } },
        { ...key('gone') },
        { ...key('answer'), value: { ok: true }, expect: 'absent', expiresAt: Date.now() + 3_600_000 },
      ])
      const expected = await items(`${prefix}orders-rows`)
      await store.commit({ rows: [{ ...key('answer') }] })
      await put(`${prefix}orders-rows`, rows)

      expect(await reconcile()).toMatchObject({ stores: { orders: { rows: 3, told: 3 } } })
      const bySort = (list: Awaited<ReturnType<typeof items>>) =>
        list.toSorted((a, b) => String(a['sort']?.S).localeCompare(String(b['sort']?.S)))
      expect(bySort(await items(`${prefix}orders-rows`))).toEqual(bySort(expected))
      expect(await reconcile({ isAgain: true })).toMatchObject({ stores: { orders: { rows: 0 } } })
    }, 30_000)

    it('refuses rows that are newer than their events, and changes nothing', async () => {
      const { prefix, store, reconcile } = await open()
      const by = { S: `${Date.now()} 7 order-9` }
      const row = { home: { S: 'orders#O-9' }, sort: { S: '.order' }, v: { N: '1' }, value: { S: '{}' }, by }
      await commit(store, 0, [{ ...key('order'), value: {} }])
      await put(`${prefix}orders-rows`, [row])
      const checkpoints = await items(`${prefix}orders-checkpoints`)
      await expect(reconcile()).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringMatching(
          /rows of orders are newer than its events: 1 rows.*order-9.*later moment/,
        ),
      })
      expect(await items(`${prefix}orders-checkpoints`)).toEqual(checkpoints)
    }, 30_000)

    it('makes the log one that the stores could have told: whole facts, none that nobody has', async () => {
      const { prefix, store, reconcile } = await open()
      await append(store, appendTo('order-1', 0, 3))
      const events = await store.load('order-1')
      const start = positionAt(Date.now()) + 1
      const logged = (
        sequence: number,
        event: Envelope,
      ): IndexedEvent & { previous: number; event: Envelope } => ({
        ...{ sequence, event, stream: event.stream, position: start + sequence },
        previous: sequence === 1 ? 0 : start + sequence - 1,
      })
      const [one, two, three] = events.map((event, i) =>
        itemsOf(logged(i + 1, { ...event, source: 'orders' }), 4),
      )
      const lost: Envelope = { ...newEvent(), stream: 'order-2', version: 1, source: 'orders' }
      const vendors: Envelope = { ...lost, id: 'notice-1', stream: 'wms-1', source: 'wms' }
      await put(`${prefix}bus-log`, [
        ...(one?.slice(0, 1) ?? []),
        ...(two?.slice(1) ?? []),
        ...(three ?? []),
        ...itemsOf({ ...logged(1, lost), position: start + 8 }, 4),
        ...itemsOf({ ...logged(1, vendors), position: start + 9 }, 4),
      ])
      expect(await reconcile()).toEqual({ stores: { orders: { rows: 0, told: 2 } }, untold: 3 })
      const homes = (await items(`${prefix}bus-log`)).map(({ home, sort }) => `${home?.S} ${sort?.N}`)
      const [first] = events
      expect(homes.filter((home) => home.startsWith('s#')).toSorted()).toEqual(['s#order-1 1', 's#wms-1 1'])
      expect(homes.filter((home) => home.startsWith('i#')).toSorted()).toEqual(
        [`i#${first?.id} 0`, 'i#notice-1 0'].toSorted(),
      )
      expect(homes.filter((home) => home.startsWith('x#'))).toHaveLength(2)
    }, 30_000)

    it('ends leases, drops retries of facts that are gone, and has consumers look again', async () => {
      const { prefix, reconcile } = await open()
      const owner = { owner: { S: 'a process' }, expires: { N: '9999999999999' }, fence: { N: '3' } }
      const swept = { N: String(positionAt(Date.now())) }
      const place = { position: swept, run: { S: '' }, stream: { S: 'order-1' } }
      await put(`${prefix}bus-books`, [
        { home: { S: 'consumers' }, sort: { S: 'mail' }, pattern: { S: '{}' }, swept, ...owner },
        { home: { S: 'of#mail' }, sort: { S: 'w#1#' }, ...place },
        { home: { S: 'of#mail' }, sort: { S: 'm#0' }, positions: { NS: ['1'] } },
      ])
      await reconcile()
      const [row, ...others] = await items(`${prefix}bus-books`)
      expect(others).toEqual([])
      expect(row).toMatchObject({ sort: { S: 'mail' }, fence: { N: '3' } })
      expect(row).not.toHaveProperty('owner')
      expect(Number(row?.['swept']?.N)).toBeLessThan(Number(swept.N) - 500_000)
    }, 30_000)

    it('is refused once it was done to the end, and not where it was cut short or the mark is a copy', async () => {
      const { prefix, store, reconcile } = await open()
      await append(store, appendTo('order-1', 0, 2))
      const onProgress: ReconcileOptions['onProgress'] = ({ did }) => {
        if (did === 'the relay tells again') throw new Error('the operator went home')
      }
      await expect(reconcile({ onProgress })).rejects.toThrow('went home')
      await reconcile()
      const checkpoints = await items(`${prefix}orders-checkpoints`)
      const refused = { code: 'CONFLICT', message: expect.stringMatching(/may be running[\s\S]*--again/) }
      await expect(reconcile()).rejects.toMatchObject(refused)
      expect(await items(`${prefix}orders-checkpoints`)).toEqual(checkpoints)
      const copy = await open()
      await put(`${copy.prefix}orders-checkpoints`, checkpoints)
      await copy.reconcile()
    }, 30_000)

    it('has the relay tell what the log lacks, though its checkpoint says that it was told, and of shards that are gone', async () => {
      const { prefix, store, reconcile } = await open()
      await append(store, appendTo('order-1', 0, 2))
      const checkpoint = { consumer: { S: 'relay' }, shard: { S: 'shardId-of-the-old-stream' } }
      const place = { done: { BOOL: false }, sequence: { S: '111' }, recorded: { N: String(Date.now()) } }
      await put(`${prefix}orders-checkpoints`, [{ ...checkpoint, ...place }])
      expect(await reconcile()).toMatchObject({ stores: { orders: { told: 2 } } })
      const told: string[] = []
      await using _relay = await store.follow(
        'relay',
        async (events) => void told.push(...events.map(({ id }) => id)),
      )
      await eventually(() => new Set(told).size === 2, 'both facts told')
      const Key = { consumer: { S: '#tables' }, shard: { S: 'version' } }
      const { Item } = await client.send(
        new GetItemCommand({ TableName: `${prefix}orders-checkpoints`, Key }),
      )
      expect(Item).toBeDefined()
    }, 30_000)
  },
)

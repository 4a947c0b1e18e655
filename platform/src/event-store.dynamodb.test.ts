import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { startDynamoProxy } from '../test/dynamo-proxy.ts'
import { systemClock } from './clock.ts'
import { eventStoreContract, type StoreBench } from './event-store.contract.ts'
import { type DynamoStore, openDynamoStore } from './event-store.dynamodb.ts'
import { systemRandom } from './random.ts'
import { append, appendTo, eventually, names, row } from './store/contract/parts.contract.ts'

const reason = whyNoDynamodbLocal()
const ports = { clock: systemClock, random: systemRandom }
const describeHere = reason ? describe.skip : describe

describeHere(reason ? `DynamoDB is not tried: ${reason}` : 'on DynamoDB Local', () => {
  let server: LocalServer
  let client: DynamoDBClient
  let streamsClient: DynamoDBStreamsClient
  let stores = 0

  beforeAll(async () => {
    server = await startDynamodbLocal()
    client = new DynamoDBClient(clientConfig(server.endpoint))
    streamsClient = new DynamoDBStreamsClient(clientConfig(server.endpoint))
  })

  afterAll(async () => {
    client.destroy()
    streamsClient.destroy()
    await server[Symbol.asyncDispose]()
  })

  function connect(tablePrefix: string): DynamoStore {
    return openDynamoStore({ ...ports, client, streamsClient, tablePrefix })
  }

  async function open(): Promise<StoreBench & { readonly tablePrefix: string }> {
    stores += 1
    const tablePrefix = `t${stores}-`
    let store = connect(tablePrefix)
    await store.createTables()
    return {
      tablePrefix,
      get store() {
        return store
      },
      async reopen() {
        await store[Symbol.asyncDispose]()
        store = connect(tablePrefix)
        return store
      },
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    }
  }

  eventStoreContract({ name: 'the DynamoDB store', durable: true, runs: 6, open })

  it('creates its tables once however often it is asked', async () => {
    await using bench = await open()
    await connect(bench.tablePrefix).createTables()
    expect((await bench.store.commit({ rows: [row('x')] })).ok).toBe(true)
  })

  it('refuses a gap left by another process, without having loaded the stream', async () => {
    await using bench = await open()
    await append(bench.store, appendTo('a', 0, 2))
    const other = connect(bench.tablePrefix)
    expect(await other.commit({ appends: [appendTo('a', 3)] })).toMatchObject({ ok: false })
    expect(await other.commit({ appends: [appendTo('a', 2)] })).toEqual({
      ok: true,
      value: { versions: [3] },
    })
  })

  it('says what to do when the tables are missing', async () => {
    await expect(connect('nowhere-').get(row('x'))).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('A DynamoDB table is missing. Create the tables'),
    })
  })

  it('commits once though the answer gets lost, twice in a row', async () => {
    await using bench = await open()
    await using proxy = await startDynamoProxy(server.endpoint)
    const behind = new DynamoDBClient(clientConfig(proxy.endpoint))
    const store = openDynamoStore({ ...ports, client: behind, tablePrefix: bench.tablePrefix })
    proxy.loseAnswers('TransactWriteItems', 2)
    const committed = await store.commit({ appends: [appendTo('a', 0, 2)], rows: [row('x')] })
    expect(committed).toEqual({ ok: true, value: { versions: [2] } })
    expect(await bench.store.load('a')).toHaveLength(2)
    expect((await bench.store.get(row('x')))?.version).toBe(1)
    behind.destroy()
  })

  it('asks again for the keys a busy service left unprocessed', async () => {
    await using bench = await open()
    await using proxy = await startDynamoProxy(server.endpoint)
    const behind = new DynamoDBClient(clientConfig(proxy.endpoint))
    const store = openDynamoStore({ ...ports, client: behind, tablePrefix: bench.tablePrefix })
    const rows = Array.from({ length: 20 }, (_, i) => row(`r${i}`))
    await store.commit({ rows })
    proxy.leaveUnprocessed(5)
    expect((await store.getMany(rows)).map((found) => found?.sort)).toEqual(rows.map(({ sort }) => sort))
    behind.destroy()
  })

  it('says that the store is away when nobody answers, and that trying again may help', async () => {
    const nobody = new DynamoDBClient(clientConfig('http://127.0.0.1:1'))
    const store = openDynamoStore({ ...ports, client: nobody, tablePrefix: 'x-' })
    const fault = {
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('Try again later'),
    }
    await expect(store.commit({ rows: [row('x')] })).rejects.toMatchObject(fault)
    await expect(store.load('a')).rejects.toMatchObject(fault)
    nobody.destroy()
  })

  it('follows once DynamoDB is there, though it was away when following began', async () => {
    await using bench = await open()
    await using proxy = await startDynamoProxy(server.endpoint)
    const behind = new DynamoDBClient(clientConfig(proxy.endpoint))
    const ports2 = { ...ports, client: behind, streamsClient, tablePrefix: bench.tablePrefix }
    await append(bench.store, appendTo('a', 0))
    proxy.refuse({ error: 'InternalServerError', status: 500, count: 10 })
    await using store = openDynamoStore(ports2)
    const told: string[] = []
    await store.follow('relay', async (events) => void told.push(...names(events)))
    await eventually(() => told.length > 0, 'the event')
    expect(told).toEqual(['a@1'])
    behind.destroy()
  })

  it('cannot follow without a streams client', async () => {
    const store = openDynamoStore({ ...ports, client, tablePrefix: 'x-' })
    await expect(store.follow('relay', async () => {})).rejects.toMatchObject({ code: 'BAD_CONFIG' })
  })
})

function clientConfig(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
}

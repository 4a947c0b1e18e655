import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { countFaults } from '../../../test/count-faults.ts'
import { type DynamoProxy, type Refusal, startDynamoProxy } from '../../../test/dynamo-proxy.ts'
import { systemClock } from '../../clock.ts'
import { type DynamoStore, openDynamoStore } from '../../event-store.dynamodb.ts'
import { systemRandom } from '../../random.ts'
import { appendTo, row } from '../contract/parts.contract.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe
const HOUR_MS = 3_600_000

describeHere(reason ? `Faults of DynamoDB are not tried: ${reason}` : 'what DynamoDB does to us', () => {
  let server: LocalServer
  let stores = 0

  beforeAll(async () => {
    server = await startDynamodbLocal()
  })

  afterEach(() => metrics.disable())

  afterAll(async () => await server[Symbol.asyncDispose]())

  interface Bench extends AsyncDisposable {
    readonly store: DynamoStore
    readonly proxy: DynamoProxy
    readonly client: DynamoDBClient
    readonly tablePrefix: string
  }

  /** A store behind a proxy, with all its tables and looked at once. */
  async function open(): Promise<Bench> {
    stores += 1
    const tablePrefix = `f${stores}-`
    const proxy = await startDynamoProxy(server.endpoint)
    const client = new DynamoDBClient(clientConfig(proxy.endpoint))
    const store = openDynamoStore({ client, tablePrefix, clock: systemClock, random: systemRandom })
    await store.createTables()
    await store.commit({ rows: [row('x')] })
    return {
      store,
      proxy,
      client,
      tablePrefix,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]()
        client.destroy()
        await proxy[Symbol.asyncDispose]()
      },
    }
  }

  const lasting: readonly (readonly [kind: string, code: string, says: RegExp, Refusal])[] = [
    ['throttled', 'STORE_UNAVAILABLE', /throttling us. Try again/, { error: 'ThrottlingException' }],
    [
      'throttled',
      'STORE_UNAVAILABLE',
      /throttling us. Try again/,
      { error: 'ProvisionedThroughputExceededException' },
    ],
    ['internal', 'STORE_UNAVAILABLE', /failed inside/, { error: 'InternalServerError', status: 500 }],
    ['internal', 'STORE_UNAVAILABLE', /failed inside/, { error: 'ServiceUnavailable', status: 503 }],
    [
      'credentials_expired',
      'BAD_CONFIG',
      /have expired. Let the program/,
      { error: 'ExpiredTokenException' },
    ],
    [
      'credentials_invalid',
      'BAD_CONFIG',
      /Check the AWS credentials/,
      { error: 'UnrecognizedClientException' },
    ],
    ['forbidden', 'BAD_CONFIG', /Check the role/, { error: 'AccessDeniedException' }],
    ['missing_table', 'BAD_CONFIG', /Create the tables/, { error: 'ResourceNotFoundException' }],
    ['request_refused', 'BAD_REQUEST', /refused the request/, { error: 'ValidationException' }],
  ]

  it.each(lasting)('is a fault when it lasts: %s, %s', async (kind, code, says, refusal) => {
    await using bench = await open()
    const counted = countFaults()
    bench.proxy.refuse(refusal)
    const fault = { name: 'Fault', code, message: expect.stringMatching(says) }
    await expect(bench.store.get(row('x'))).rejects.toMatchObject(fault)
    await expect(bench.store.commit({ appends: [appendTo('a', 0)] })).rejects.toMatchObject(fault)
    expect(counted).toEqual([1, 2].map(() => ({ engine: 'dynamodb', kind, code })))
  })

  it.each([
    [{ error: 'ThrottlingException', count: 3 }],
    [{ error: 'InternalServerError', status: 500, count: 3 }],
    [{ error: 'TransactionInProgressException', count: 2 }],
  ])('is not noticed when it passes: %j', async (refusal) => {
    await using bench = await open()
    const counted = countFaults()
    bench.proxy.refuse(refusal)
    expect(await bench.store.commit({ appends: [appendTo('a', 0)] })).toMatchObject({ ok: true })
    expect(await bench.store.load('a')).toHaveLength(1)
    expect(counted).toEqual([])
  })

  it('commits once though the answer stays out for longer than a try may take', async () => {
    await using bench = await open()
    bench.proxy.holdAnswers('TransactWriteItems', 1)
    expect(await bench.store.commit({ appends: [appendTo('a', 0)] })).toEqual({
      ok: true,
      value: { versions: [1] },
    })
    expect(bench.proxy.requests.get('TransactWriteItems')).toBe(3)
  })

  it('goes on when the clock of this machine is off: what is sent again is signed by the time of AWS', async () => {
    await using bench = await open()
    const dates: string[] = []
    const serverTime = new Date(Date.now() + HOUR_MS)
    bench.proxy.refuse({
      error: 'InvalidSignatureException',
      message: 'Signature expired: 20260105T090000Z is now earlier than 20260105T095500Z',
      headers: { date: serverTime.toUTCString() },
      when: ({ headers }) => {
        dates.push(headers['x-amz-date'] ?? '')
        return dates.length === 1
      },
    })
    expect((await bench.store.get(row('x')))?.version).toBe(1)
    const hours = dates.map((date) => date.slice(0, 11))
    expect(hours[1]).toBe(serverTime.toISOString().replaceAll(/[-:]/g, '').slice(0, 11))
    expect(hours[0]).not.toBe(hours[1])
  })

  it('says that the clock is off when signing by the time of AWS does not help', async () => {
    await using bench = await open()
    const counted = countFaults()
    bench.proxy.refuse({ error: 'InvalidSignatureException', message: 'Signature not yet current: …' })
    await expect(bench.store.get(row('x'))).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('Set it by NTP'),
    })
    expect(counted).toEqual([{ engine: 'dynamodb', kind: 'clock_skew', code: 'BAD_CONFIG' }])
  })

  it.each([
    [2, 'Expected DynamoDB tables of version 1, found 2. Start the program that they were made for'],
    [0, 'Expected DynamoDB tables of version 1, found 0. Migrate the tables'],
  ])('refuses to work with tables of version %d', async (version, message) => {
    await using bench = await open()
    const key = { consumer: { S: '#tables' }, shard: { S: 'version' } }
    const Item = { ...key, version: { N: String(version) } }
    await bench.client.send(new PutItemCommand({ TableName: `${bench.tablePrefix}checkpoints`, Item }))
    const { client, tablePrefix } = bench
    const other = openDynamoStore({ client, tablePrefix, clock: systemClock, random: systemRandom })
    const counted = countFaults()
    const fault = { code: 'BAD_CONFIG', message: expect.stringContaining(message) }
    await expect(other.load('a')).rejects.toMatchObject(fault)
    await expect(other.commit({ rows: [row('y')] })).rejects.toMatchObject(fault)
    expect(await bench.store.get(row('y'))).toBeUndefined()
    expect(counted[0]).toEqual({ engine: 'dynamodb', kind: 'schema_version', code: 'BAD_CONFIG' })
  })

  it('counts what is too large before anything is sent', async () => {
    await using bench = await open()
    const counted = countFaults()
    const before = bench.proxy.requests.get('TransactWriteItems')
    await expect(
      bench.store.commit({ rows: [row('x', { text: 'x'.repeat(500_000) })] }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('goods/shelf/x') })
    expect(counted).toEqual([{ engine: 'event-store', kind: 'item_too_large', code: 'BAD_REQUEST' }])
    expect(bench.proxy.requests.get('TransactWriteItems')).toBe(before)
  })
})

function clientConfig(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
}

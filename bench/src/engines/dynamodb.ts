import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { openDynamoStore } from '@stoa/platform/event-store.dynamodb'
import { systemRandom } from '@stoa/platform/random'
import { startDynamodbLocal } from '@stoa/servers/dynamodb-local'
import { type Contest, inTurns } from './in-turns.ts'

const PREFIX = 'bench-'
/** Rows and streams to read. */
const STOCKED = 400
const KEYS_AT_ONCE = 25
const AT_ONCE = { atOnce: 8, roundMs: 500, rounds: 5 }

/**
 * DynamoDB Local behind our port and by the bare client of the SDK: the same requests, JSON written and read on both
 * sides, ours with its checks, deadlines and conflicts besides. Takes about 40 s.
 */
export async function measureDynamodb(): Promise<Record<string, number>> {
  await using server = await startDynamodbLocal()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const config = { endpoint: server.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
  const client = new DynamoDBClient(config)
  const ports = { clock: systemClock, random: systemRandom }
  await using store = openDynamoStore({ ...ports, client, tablePrefix: PREFIX })
  try {
    await store.createTables()
    await stock(store)
    return {
      ...(await named('Commit', 'Commits', commits(store, client))),
      ...(await named('Get', 'Gets', gets(store, client))),
      ...(await named('GetMany', 'GetMany', getMany(store, client))),
      ...(await named('Load', 'Loads', loads(store, client))),
    }
  } finally {
    client.destroy()
  }
}

async function stock(store: EventStore): Promise<void> {
  for (let n = 0; n < STOCKED; n += AT_ONCE.atOnce)
    await Promise.all(
      Array.from({ length: AT_ONCE.atOnce }, (_, i) => store.commit(transaction('stocked', n + i))),
    )
}

async function named(what: string, many: string, contest: Contest): Promise<Record<string, number>> {
  const { perSecond, barePerSecond, overheadPercent, p99Ms } = await inTurns(contest)
  return {
    [`dynamodb${many}PerSecond`]: perSecond,
    [`dynamodbBare${many}PerSecond`]: barePerSecond,
    [`dynamodb${what}OverheadPercent`]: overheadPercent,
    [`dynamodb${what}P99Ms`]: p99Ms,
  }
}

/** One event and one row, as a command with its idempotency record makes them. */
function commits(store: EventStore, client: DynamoDBClient): Contest {
  return {
    ...AT_ONCE,
    ours: async (n) => {
      const committed = await store.commit(transaction('ours', n))
      if (!committed.ok) throw new Error(`Commit ${n} conflicted.`)
    },
    bare: (n) => client.send(new TransactWriteItemsCommand(bareTransaction(`bare-${n}`))),
  }
}

function gets(store: EventStore, client: DynamoDBClient): Contest {
  return {
    ...AT_ONCE,
    ours: (n) => store.get(rowOf('stocked', n % STOCKED)),
    bare: async (n) => {
      const Key = bareKey(`stocked-${n % STOCKED}`)
      const request = new GetItemCommand({ TableName: `${PREFIX}rows`, Key, ConsistentRead: true })
      return JSON.parse((await client.send(request)).Item?.['value']?.S ?? '')
    },
  }
}

function getMany(store: EventStore, client: DynamoDBClient): Contest {
  const numbers = (n: number): readonly number[] =>
    Array.from({ length: KEYS_AT_ONCE }, (_, i) => (n * 7 + i * 3) % STOCKED)
  return {
    ...AT_ONCE,
    ours: (n) => store.getMany(numbers(n).map((one) => rowOf('stocked', one))),
    bare: async (n) => {
      const Keys = numbers(n).map((one) => bareKey(`stocked-${one}`))
      const RequestItems = { [`${PREFIX}rows`]: { Keys, ConsistentRead: true } }
      const answer = await client.send(new BatchGetItemCommand({ RequestItems }))
      return answer.Responses?.[`${PREFIX}rows`]?.map((item) => JSON.parse(item['value']?.S ?? ''))
    },
  }
}

function loads(store: EventStore, client: DynamoDBClient): Contest {
  return {
    ...AT_ONCE,
    ours: (n) => store.load(`order-stocked-${n % STOCKED}`),
    bare: async (n) => {
      const request = new QueryCommand({
        TableName: `${PREFIX}events`,
        KeyConditionExpression: '#stream = :stream',
        ExpressionAttributeNames: { '#stream': 'stream' },
        ExpressionAttributeValues: { ':stream': { S: `order-stocked-${n % STOCKED}` } },
        ConsistentRead: true,
        Limit: 1000,
      })
      return (await client.send(request)).Items?.map((item) => JSON.parse(item['data']?.S ?? ''))
    },
  }
}

const outcome = { requestHash: 'a'.repeat(64), outcome: { version: 1, state: { kind: 'created' } } }

function transaction(run: string, n: number): Transaction {
  const [at, data, meta] = [systemClock.now(), orderData(`${run}-${n}`), { correlationId: 'C-1' }]
  return {
    appends: [
      {
        stream: `order-${run}-${n}`,
        expectedVersion: 0,
        events: [{ id: `E-${run}-${n}`, type: 'OrderCreated', at, data, meta }],
      },
    ],
    rows: [{ ...rowOf(run, n), value: outcome, expect: 'absent' }],
  }
}

function rowOf(run: string, n: number) {
  return { table: 'idempotency', partition: 'customer:ada', sort: `${run}-${n}` }
}

function bareKey(id: string) {
  return { home: { S: 'idempotency#customer:ada' }, sort: { S: `.${id}` } }
}

/** What our port sends for the same, written out by hand. */
function bareTransaction(id: string) {
  const now = String(Date.now())
  const Item = {
    stream: { S: `order-${id}` },
    version: { N: '1' },
    first: { N: '1' },
    recorded: { N: now },
    id: { S: `E-${id}` },
    type: { S: 'OrderCreated' },
    at: { N: now },
    data: { S: JSON.stringify(orderData(id)) },
    meta: { S: JSON.stringify({ correlationId: 'C-1' }) },
  }
  const put = {
    TableName: `${PREFIX}events`,
    Item,
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': 'stream' },
  }
  const update = {
    TableName: `${PREFIX}rows`,
    Key: bareKey(id),
    UpdateExpression: 'SET #v = if_not_exists(#v, :zero) + :one, #value = :value REMOVE #expires',
    ConditionExpression: 'attribute_not_exists(#v)',
    ExpressionAttributeNames: { '#v': 'v', '#value': 'value', '#expires': 'expires' },
    ExpressionAttributeValues: {
      ':zero': { N: '0' },
      ':one': { N: '1' },
      ':value': { S: JSON.stringify(outcome) },
    },
  }
  return { TransactItems: [{ Put: put }, { Update: update }], ClientRequestToken: systemRandom.uuid() }
}

function orderData(id: string) {
  const line = { sku: 'TEE-0001-M', quantity: 2, unitPrice: { minor: 1999, currency: 'EUR' } }
  return { orderId: `O-${id}`, customerId: 'CU-ada', market: 'IT', lines: [line, line, line] }
}

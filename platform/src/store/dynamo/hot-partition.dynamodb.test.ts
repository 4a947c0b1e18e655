import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { type DynamoProxy, type Refusal, startDynamoProxy, type Wire } from '../../../test/dynamo-proxy.ts'
import { systemClock } from '../../clock.ts'
import { type DynamoStore, openDynamoStore } from '../../event-store.dynamodb.ts'
import { Fault } from '../../fault.ts'
import { seededRandom, systemRandom } from '../../random.ts'
import { newEvent, row } from '../contract/parts.contract.ts'

const reason = whyNoDynamodbLocal()
const describeHere = reason ? describe.skip : describe
const HOT = 'SKU-HOT'

describeHere(reason ? `Hot partitions are not tried: ${reason}` : 'many orders on one SKU at once', () => {
  let server: LocalServer
  let stores = 0

  beforeAll(async () => {
    server = await startDynamodbLocal()
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  interface Bench extends AsyncDisposable {
    readonly store: DynamoStore
    readonly proxy: DynamoProxy
  }

  async function open(): Promise<Bench> {
    stores += 1
    const proxy = await startDynamoProxy(server.endpoint)
    const client = new DynamoDBClient(clientConfig(proxy.endpoint))
    const ports = { clock: systemClock, random: systemRandom }
    const store = openDynamoStore({ ...ports, client, tablePrefix: `h${stores}-` })
    const close = async (): Promise<void> => {
      client.destroy()
      await proxy[Symbol.asyncDispose]()
    }
    await store.createTables().catch(close)
    return { store, proxy, [Symbol.asyncDispose]: close }
  }

  it('is throttled alone: orders on other SKUs go on, and retries stay inside their budget', async () => {
    await using bench = await open()
    expect(await order(bench.store, 'SKU-FIRST', 'first')).toBe('taken')
    bench.proxy.refuse({ ...throttling, when: isHot })
    const startedAt = performance.now()
    const hot = Array.from({ length: 12 }, (_, i) => order(bench.store, HOT, `hot-${i}`))
    const others = Array.from({ length: 6 }, (_, i) => order(bench.store, `SKU-${i}`, `other-${i}`))
    const outcomes = await Promise.all([Promise.all(hot), Promise.all(others)])
    const seconds = (performance.now() - startedAt) / 1000
    expect(outcomes[0]).toEqual(hot.map(() => 'STORE_UNAVAILABLE'))
    expect(outcomes[1]).toEqual(others.map(() => 'taken'))
    const sent = bench.proxy.requests.get('TransactWriteItems') ?? 0
    const firstTries = [...bench.proxy.requests.values()].reduce((sum, count) => sum + count, 0)
    expect(sent).toBeLessThanOrEqual(19 + 50 + 5 * seconds + 0.2 * firstTries + 1)
    expect(await sold(bench.store, HOT)).toEqual({ units: 0, events: 0 })
  }, 60_000)

  it.each([
    ['by request', { error: 'ProvisionedThroughputExceededException' }],
    [
      'by item',
      {
        error: 'TransactionCanceledException',
        fields: {
          CancellationReasons: [
            { Code: 'None' },
            { Code: 'ThrottlingError', Message: 'hot' },
            { Code: 'None' },
          ],
        },
      },
    ],
  ])(
    'loses nothing and takes nothing twice while half of it is throttled, %s',
    async (_, refusal: Refusal) => {
      await using bench = await open()
      const random = seededRandom(7)
      bench.proxy.refuse({ ...refusal, when: (wire) => isHot(wire) && random.next() < 0.5 })
      bench.proxy.loseAnswers('TransactWriteItems', 3)
      const ids = Array.from({ length: 8 }, (_, i) => `hot-${i}`)
      await Promise.all(ids.map((id) => orderUntilTaken(bench.store, id)))
      expect(await sold(bench.store, HOT)).toEqual({ units: 8, events: 8 })
      const orders = await bench.store.getMany(ids.map((id) => orderRow(id)))
      expect(orders.map((found) => found?.version)).toEqual(ids.map(() => 1))
    },
    60_000,
  )
})

const throttling: Refusal = { error: 'ProvisionedThroughputExceededException' }

function isHot({ operation, body }: Wire): boolean {
  return operation === 'TransactWriteItems' && body.includes(HOT)
}

/** As a shopper does who is told to try again. */
async function orderUntilTaken(store: DynamoStore, id: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) if ((await order(store, HOT, id)) !== 'STORE_UNAVAILABLE') return
  throw new Error(`${id} was never taken.`)
}

/** Until it is decided. */
async function order(store: DynamoStore, sku: string, id: string): Promise<string> {
  try {
    for (;;) if (await take(store, sku, id)) return 'taken'
  } catch (reason) {
    if (reason instanceof Fault) return reason.code
    throw reason
  }
}

/** One unit, in one transaction with the order: the movement, the stock as it is now, the order. */
async function take(store: DynamoStore, sku: string, id: string): Promise<boolean> {
  const key = { ...row(sku), table: 'stock' }
  const [stock, known] = await store.getMany([key, orderRow(id)])
  if (known) return true
  const units = Number(stock?.value['units'] ?? 0)
  const committed = await store.commit({
    appends: [{ stream: `stock-${sku}`, expectedVersion: units, events: [newEvent({ id })] }],
    rows: [
      { ...key, value: { units: units + 1 }, expect: stock ? { version: stock.version } : 'absent' },
      { ...orderRow(id), value: { sku }, expect: 'absent' },
    ],
  })
  return committed.ok
}

function orderRow(id: string) {
  return { table: 'orders', partition: id, sort: 'order' }
}

async function sold(store: DynamoStore, sku: string): Promise<{ units: number; events: number }> {
  const stock = await store.get({ ...row(sku), table: 'stock' })
  return { units: Number(stock?.value['units'] ?? 0), events: (await store.load(`stock-${sku}`)).length }
}

function clientConfig(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }
}

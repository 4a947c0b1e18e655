import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { copyTables, itemsIn, localDynamo } from '@stoa/app/copy-tables.fixture'
import type { Shop } from '@stoa/app/shop'
import { createShopClient, type ShopClient } from '@stoa/app/shop-client'
import { openSimulators, type Simulators, simulatorEnv } from '@stoa/app/simulators'
import { openEngines } from '@stoa/app/stack'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { reconcileDynamo } from '@stoa/platform/restore.dynamodb'
import { startDynamodbLocal, whyNoDynamodbLocal } from '@stoa/servers/dynamodb-local'
import type { LocalServer } from '@stoa/servers/local-server'
import { startMoto, whyNoMoto } from '@stoa/servers/moto'
import { charges, postings, stockBooks } from '../support/books.ts'
import { look, order, type PlacedOrder, times, untilFact } from '../support/buy.ts'
import { JUMPER } from '../support/goods.ts'
import { insist } from '../support/insist.ts'
import { freePort } from '../support/shop-process.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

const STORES = ['catalog', 'customer', 'inventory', 'live', 'orders', 'recommendation']
const SECRET = 'a-secret-for-this-test-of-at-least-32-characters'
const PAUSE_MS = 150
const tools = { clock: systemClock, random: systemRandom, log: silentLog }
const whyNot = whyNoDynamodbLocal() ?? whyNoMoto()
const describeHere = whyNot === undefined ? describe : describe.skip

/** Within a store, rows before events: `npm run backup -- restore` sees to it. */
const ofStore = (name: string): readonly string[] =>
  ['checkpoints', 'rows', 'events'].map((table) => `${name}-${table}`)
const BUS = ['bus-log', 'bus-books']
const ORDERS: readonly (readonly [string, readonly string[]])[] = [
  ['the bus first, then the stores', [...BUS, ...STORES.flatMap(ofStore)]],
  [
    'the stores from the last to the first, then the bus',
    [...STORES.toReversed().flatMap(ofStore), ...BUS.toReversed()],
  ],
]

describeHere(
  whyNot === undefined ? 'a shop on tables of different moments' : `Restoring is not tried: ${whyNot}`,
  () => {
    const opened = new AsyncDisposableStack()
    let dynamodb: LocalServer
    let moto: LocalServer
    let client: Client

    beforeAll(async () => {
      dynamodb = opened.use(await startDynamodbLocal())
      moto = opened.use(await startMoto())
      client = localDynamo(dynamodb.endpoint)
      opened.defer(() => client.destroy())
    }, 120_000)
    afterAll(() => opened.disposeAsync())

    /** On the tables with this prefix; vendors and port stay the same. */
    async function openOn(prefix: string, { vendors, port }: World): Promise<Shop> {
      const env = {
        STOA_PREFIX: prefix,
        STOA_CREATE: 'true',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
        AWS_ENDPOINT_URL_EVENTBRIDGE: moto.endpoint,
        AWS_ENDPOINT_URL_SQS: moto.endpoint,
      }
      const engines = await openEngines('aws', { ...tools, env })
      const shop = await openTestShop({ engines, port, env: simulatorEnv(vendors, SECRET) })
      return {
        ...shop,
        async [Symbol.asyncDispose]() {
          await shop[Symbol.asyncDispose]()
          await engines[Symbol.asyncDispose]()
        },
      }
    }

    it.each(ORDERS)(
      'copied while it sells, %s: orders end, nobody pays twice',
      async (title, names) => {
        const [from, to] = title.startsWith('the bus') ? ['a-', 'b-'] : ['c-', 'd-']
        const port = await freePort()
        const shopUrl = `http://127.0.0.1:${port}`
        await using vendors = await openSimulators({ ...tools, shopUrl, secret: SECRET })
        const world = { vendors, port }
        const guest = createShopClient(shopUrl)
        const placed: PlacedOrder[] = []
        let before: readonly PlacedOrder[] = []
        const since = Date.now() - 600_000
        {
          await using _shop = await openOn(from, world)
          const done = await order(guest, { sku: JUMPER, key: 'done' })
          await untilFact(guest, done.id, 'OrderPosted')
          vendors.wms.behave({ mode: 'dead' })
          placed.push(done, await order(guest, { sku: JUMPER, key: 'waiting' }))
          before = placed.slice()
          const stopping = new AbortController()
          const selling = sellUntil(guest, stopping.signal, placed)
          await copyTables(client, { names, from, to, pauseMs: PAUSE_MS })
          stopping.abort()
          await selling
        }
        await reconcileDynamo({ client, ...tools, prefix: to, stores: STORES, since })
        vendors.wms.behave({ mode: 'normal' })

        await using shop = await openOn(to, world)
        const rows = await itemsIn(client, `${to}orders-rows`)
        const kept = placed.filter(({ orderId }) => rows.some(({ home }) => home?.S === `orders#${orderId}`))
        expect(kept).toEqual(expect.arrayContaining([...before]))
        for (const { id, orderId } of kept) {
          expect((await untilPosted(guest, id)).status).toBe('FULFILLED')
          expect(charges(vendors, orderId)).toEqual(['authorised', 'captured'])
          expect(postings(vendors, orderId)).toBe(1)
        }
        await shop.bus.idle()
        const [stored, logged] = await facts(client, to)
        expect(logged.toSorted()).toEqual(stored.toSorted())
        const books = await stockBooks(signedIn(shop, 'operator'), JUMPER)
        expect(books.CUSTOMER).toBe(kept.length)
        // Of an order that was placed too late to be in its own tables, others may know.
        const about = (await shop.bus.deadLetters()).map(({ event }) => String(event.data['orderId']))
        expect(about.filter((orderId) => kept.some((one) => one.orderId === orderId))).toEqual([])
        const fresh = await order(guest, { sku: JUMPER, key: 'fresh' })
        expect((await untilPosted(guest, fresh.id)).status).toBe('FULFILLED')
      },
      120_000,
    )
  },
)

type Client = ReturnType<typeof localDynamo>

interface World {
  readonly vendors: Simulators
  readonly port: number
}

async function sellUntil(guest: ShopClient, signal: AbortSignal, placed: PlacedOrder[]): Promise<void> {
  for (let n = 1; !signal.aborted; n++) {
    placed.push(await order(guest, { sku: JUMPER, key: `running-${n}` }))
    await wait(250)
  }
}

async function untilPosted(guest: ShopClient, id: string) {
  return await insist(async () => {
    const seen = await look(guest, id)
    if (times(seen, 'OrderPosted') === 0) throw new Error(`Order ${id} is ${seen.status} and not posted.`)
    return seen
  }, 30_000)
}

/** Ids of what the stores recorded, and of what the log has of it. */
async function facts(client: Client, prefix: string): Promise<readonly [string[], string[]]> {
  const tables = await Promise.all(STORES.map((name) => itemsIn(client, `${prefix}${name}-events`)))
  const stored = tables.flat().map(({ id }) => id?.S ?? '')
  const log = await itemsIn(client, `${prefix}bus-log`)
  const told = log.flatMap(({ event }): readonly { id: string; source: string }[] =>
    event?.S === undefined ? [] : [JSON.parse(event.S)],
  )
  return [stored, told.filter(({ source }) => STORES.includes(source)).map(({ id }) => id)]
}

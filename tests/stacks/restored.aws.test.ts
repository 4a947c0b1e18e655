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
const COPIES: readonly (readonly [string, string, readonly string[]])[] = [
  ['the bus first, then the stores', 'b-', [...BUS, ...STORES.flatMap(ofStore)]],
  [
    'the stores from the last to the first, then the bus',
    'c-',
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
    let vendors: Simulators
    let port: number
    let since: number
    const before: PlacedOrder[] = []
    const running: PlacedOrder[] = []

    /** A shop sells while its tables are copied, one after another: in two orders, at the same time. */
    beforeAll(async () => {
      dynamodb = opened.use(await startDynamodbLocal())
      moto = opened.use(await startMoto())
      client = localDynamo(dynamodb.endpoint)
      opened.defer(() => client.destroy())
      port = await freePort()
      vendors = opened.use(await openVendors())
      since = Date.now() - 600_000
      await using _shop = await openOn('a-', vendors)
      const guest = createShopClient(shopUrl())
      before.push(await order(guest, { sku: JUMPER, key: 'done' }))
      await untilFact(guest, before[0]?.id ?? '', 'OrderPosted')
      vendors.wms.behave({ mode: 'dead' })
      before.push(await order(guest, { sku: JUMPER, key: 'waiting' }))
      const stopping = new AbortController()
      const selling = sellUntil(guest, stopping.signal, running)
      const copies = COPIES.map(([, to, names]) =>
        copyTables(client, { names, from: 'a-', to, pauseMs: PAUSE_MS }),
      )
      await Promise.all(copies)
      stopping.abort()
      await selling
    }, 180_000)
    afterAll(() => opened.disposeAsync())

    const shopUrl = (): string => `http://127.0.0.1:${port}`
    const openVendors = (): Promise<Simulators> =>
      openSimulators({ ...tools, shopUrl: shopUrl(), secret: SECRET })

    async function openOn(prefix: string, on: Simulators): Promise<Shop> {
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
      const shop = await openTestShop({ engines, port, env: simulatorEnv(on, SECRET) })
      return {
        ...shop,
        async [Symbol.asyncDispose]() {
          await shop[Symbol.asyncDispose]()
          await engines[Symbol.asyncDispose]()
        },
      }
    }

    it.each(COPIES)(
      'copied %s: orders end, nobody pays twice, each fact is in the log once',
      async (_title, prefix) => {
        await reconcileDynamo({ client, ...tools, prefix, stores: STORES, since })
        // A warehouse tells once what it has picked; who pays and who books have seen all of it.
        await using others = await openVendors()
        const mine = { ...vendors, wms: others.wms }
        await using shop = await openOn(prefix, mine)
        const guest = createShopClient(shopUrl())
        const rows = await itemsIn(client, `${prefix}orders-rows`)
        const isKept = ({ orderId }: PlacedOrder) => rows.some(({ home }) => home?.S === `orders#${orderId}`)
        expect(before.filter(isKept)).toEqual(before)
        const kept = [...before, ...running].filter(isKept)
        for (const { id, orderId } of kept) {
          expect((await untilPosted(guest, id)).status).toBe('FULFILLED')
          expect(charges(mine, orderId)).toEqual(['authorised', 'captured'])
          expect(postings(mine, orderId)).toBe(1)
        }
        await shop.bus.idle()
        const [stored, logged] = await facts(client, prefix)
        expect(logged.toSorted()).toEqual(stored.toSorted())
        const books = await stockBooks(signedIn(shop, 'operator'), JUMPER)
        expect(books.CUSTOMER).toBe(kept.length)
        // Of an order that was placed too late to be in its own tables, others may know.
        const about = (await shop.bus.deadLetters()).map(({ event }) => event.data['orderId'])
        expect(kept.filter(({ orderId }) => about.includes(orderId))).toEqual([])
        const fresh = await order(guest, { sku: JUMPER, key: 'fresh' })
        expect((await untilPosted(guest, fresh.id)).status).toBe('FULFILLED')
      },
      120_000,
    )
  },
)

type Client = ReturnType<typeof localDynamo>

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

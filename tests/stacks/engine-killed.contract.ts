import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type LocalServers, whyNoServers } from '@stoa/app/local-servers'
import type { Shop } from '@stoa/app/shop'
import type { ShopClient } from '@stoa/app/shop-client'
import { openEngines } from '@stoa/app/stack'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { charges, stockBooks } from '../support/books.ts'
import { type FollowedOrder, fillCart, look, order, submit, times } from '../support/buy.ts'
import { JUMPER, MUG } from '../support/goods.ts'
import { insist } from '../support/insist.ts'
import { openTestShop, signedIn } from '../support/test-shop.ts'

export interface EngineKilled {
  readonly stack: 'open' | 'aws'
  readonly start: () => Promise<LocalServers>
  /** Each is killed in its turn. */
  readonly victims: readonly string[]
}

const PATIENCE_MS = 90_000
/** Servers are fetched the first time, and emulators make queues slowly. */
const OPEN_WITHIN_MS = 300_000

/** What every stack must bear: one of its servers dies in the middle of an order, and comes back. */
export function engineKilledContract({ stack, start, victims }: EngineKilled): void {
  const whyNot = whyNoServers(stack)
  const describeHere = whyNot === undefined ? describe : describe.skip
  const title = whyNot === undefined ? `on the ${stack} stack` : `The ${stack} stack is not tried: ${whyNot}`

  describeHere(title, () => {
    const opened = new AsyncDisposableStack()
    let servers: LocalServers
    let shop: Shop

    beforeAll(async () => {
      servers = opened.use(await start())
      const tools = { clock: systemClock, random: systemRandom, log: silentLog }
      const engines = opened.use(await openEngines(stack, { ...tools, env: servers.env }))
      shop = opened.use(await openTestShop({ engines }))
    }, OPEN_WITHIN_MS)
    afterAll(() => opened.disposeAsync())

    it.each(victims)(
      '%s dies with an order under way: nothing is lost, nobody pays twice',
      async (name) => {
        const vendors = shop.simulators
        const victim = servers.servers[name]
        if (!vendors || !victim) throw new Error(`Expected simulators and a server ${name}.`)
        const [ada, bo] = [signedIn(shop, 'ada'), signedIn(shop, 'bo')]
        const operator = signedIn(shop, 'operator')
        const before = await stockBooks(operator, JUMPER)
        vendors.wms.behave({ mode: 'dead' })
        const acknowledged = await order(ada, { sku: JUMPER, key: `under-way-${name}` })
        const cart = await fillCart(bo, MUG, 1)

        await victim.kill()
        // Whatever bo is told meanwhile, an answer or a coded error: he sends the same again until he has an order.
        const meanwhile = submit(bo, cart, { key: `meanwhile-${name}` })
        expect(
          await meanwhile.then(
            () => 'an order',
            (reason: unknown) => String(reason),
          ),
        ).toMatch(ORDER_OR_CODE)
        await victim.start()
        vendors.wms.behave({ mode: 'normal' })

        const again = () => submit(bo, cart, { key: `meanwhile-${name}` })
        const bought = await insist(again, PATIENCE_MS)
        const id = bought.order?.id ?? ''
        const done = [await untilPosted(ada, acknowledged.id), await untilPosted(bo, id)]
        expect(done.map(({ status }) => status)).toEqual(['FULFILLED', 'FULFILLED'])
        for (const orderId of [acknowledged.orderId, bought.order?.orderId ?? ''])
          expect(charges(vendors, orderId)).toEqual(['authorised', 'captured'])
        expect(await stockBooks(operator, JUMPER)).toEqual({
          ...before,
          AVAILABLE: before.AVAILABLE - 1,
          CUSTOMER: before.CUSTOMER + 1,
        })
        expect(await shop.bus.deadLetters()).toEqual([])
      },
      180_000,
    )
  })
}

const ORDER_OR_CODE = /an order|\b(STORE_UNAVAILABLE|UPSTREAM_UNAVAILABLE|DEADLINE_EXCEEDED|OVERLOADED):/

async function untilPosted(client: ShopClient, id: string): Promise<FollowedOrder> {
  const posted = async (): Promise<FollowedOrder> => {
    const seen = await look(client, id)
    if (times(seen, 'OrderPosted') === 0) throw new Error(`Order ${id} is ${seen.status} and not posted.`)
    return seen
  }
  return await insist(posted, PATIENCE_MS)
}

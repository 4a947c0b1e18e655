import { describe, expect, it } from '@jest/globals'
import { createShopClient, type ShopClient } from '@stoa/app/shop-client'
import { openSplitShop } from '@stoa/app/split'
import { silentLog } from '@stoa/platform/log'
import { z } from 'zod'
import { buy, untilFact } from '../support/buy.ts'
import { stockedSkus } from '../support/demo-goods.ts'

const PATIENCE_MS = 20_000

describe('processes of the split shop are killed', () => {
  it('serves the rest meanwhile, starts them again where they were, and takes orders as before', async () => {
    await using shop = await openSplitShop({
      log: silentLog,
      port: 0,
      demo: { scale: 0.1, seed: 42 },
      env: process.env,
    })
    const kill = (role: string): void => {
      const pid = shop.children.find((child) => child.role === role)?.pid()
      if (pid === undefined) throw new Error(`No process is ${role}.`)
      process.kill(pid, 'SIGKILL')
    }
    const ada = createShopClient(shop.url, { authorization: `Bearer ${shop.ready.tokens['ada'] ?? ''}` })
    const [sku = ''] = await stockedSkus(ada)

    kill('catalog')
    await untilAnswers(ada, '{ locations(first: 1) { nodes { name } } }')
    await untilAnswers(ada, '{ products(first: 1) { nodes { name } } }')

    kill('orders')
    kill('simulators')
    // The same address and the same token as before.
    kill('edge')
    await untilAnswers(ada, '{ me { email } orders: products(first: 1) { nodes { name } } }')

    const { order, userErrors } = await untilDone(() => buy(ada, { sku, key: 'after-the-kills' }))
    expect(userErrors).toEqual([])
    expect((await untilFact(ada, order?.id ?? '', 'OrderPosted')).status).toBe('FULFILLED')
  }, 90_000)
})

function untilAnswers(client: ShopClient, document: string): Promise<object> {
  return untilDone(() => client.ask({ document, answer: z.looseObject({}) }))
}

/** Asks again while a part is down. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await work()
    } catch (reason) {
      if (performance.now() > until) throw reason
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

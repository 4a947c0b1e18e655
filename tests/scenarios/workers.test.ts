import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createShopClient } from '@stoa/app/shop-client'
import { z } from 'zod'
import { buy, untilFact } from '../support/buy.ts'
import { stockedSkus } from '../support/demo-goods.ts'
import { type ShopProcess, startShopProcess } from '../support/shop-process.ts'
import { listen } from '../support/socket-client.ts'

let shop: ShopProcess
beforeAll(async () => {
  shop = await startShopProcess({ args: ['--port', '0', '--scale', '0.1', '--workers', '2'] })
}, 30_000)
afterAll(() => shop.kill())

const sold = z.object({ sku: z.string() })
const tokens = z.object({ tokens: z.record(z.string(), z.string()) })

/** A connection of its own, so that requests are spread over the workers. */
async function get(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`${shop.url}${path}`, { ...init, headers: { ...init.headers, connection: 'close' } })
}

async function tokenOf(who: string): Promise<string> {
  return tokens.parse(await (await get('/sandbox/config.json')).json()).tokens[who] ?? ''
}

describe('the shop with several workers', () => {
  it.each([
    ['/readyz', 200, '"ready":true'],
    ['/version', 200, '"node"'],
    ['/', 200, 'Stoa'],
    ['/events', 200, 'html'],
    ['/nowhere', 404, 'NOT_FOUND'],
  ])('answers %s with %i as one process does', async (path, status, text) => {
    const answer = await get(path)
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)])
  })

  it('refuses notices nobody signed, as the bus stands behind every worker', async () => {
    const answer = await get('/hooks/wms', { method: 'POST', body: '{}' })
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('BAD_SIGNATURE')])
  })

  it('streams facts live', async () => {
    const stop = new AbortController()
    const answer = await get('/events/stream', { signal: stop.signal })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    stop.abort()
  })

  it('tells of stock live, over a WebSocket', async () => {
    const ada = createShopClient(shop.url)
    const [sku = ''] = await stockedSkus(ada)
    const document = `subscription { availabilityChanged(skus: ["${sku}"]) { sku } }`
    await using stock = await listen(shop.url, { document, answer: z.object({ availabilityChanged: sold }) })
    expect(await stock.next()).toEqual({ availabilityChanged: { sku } })
  })

  it('takes an order to fulfilled, whichever worker is asked', async () => {
    const ada = createShopClient(shop.url, { authorization: `Bearer ${await tokenOf('ada')}` })
    const [sku = ''] = await stockedSkus(ada)
    const { order, userErrors } = await buy(ada, { sku, key: 'workers-1' })
    expect(userErrors).toEqual([])
    expect((await untilFact(ada, order?.id ?? '', 'OrderPosted')).status).toBe('FULFILLED')
  }, 30_000)

  it('starts a worker that died anew, where it was, and stops with exit code 0', async () => {
    const { worker } = JSON.parse(await shop.logged('"worker started"'))
    process.kill(Number(worker), 'SIGKILL')
    await shop.logged('a worker ended')
    const ada = createShopClient(shop.url)
    for (let i = 0; i < 4; i++)
      await ada.ask({ document: '{ locations(first: 1) { nodes { name } } }', answer: z.looseObject({}) })
    expect((await get('/readyz')).status).toBe(200)
    expect(await shop.stop()).toBe(0)
  }, 30_000)
})

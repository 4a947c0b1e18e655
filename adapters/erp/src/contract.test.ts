import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import { silentLog } from '@stoa/platform/log'
import { type Money, money } from '@stoa/platform/money'
import { seededRandom } from '@stoa/platform/random'
import { translateErpNotice } from './inbound.ts'
import { createErpClient, type ErpClient, type PostRequest } from './main.ts'
import { type ErpSimulator, openErpSimulator } from './simulator.ts'

const secret = 'a secret shared with the ERP'
const euros = (minor: number): Money => money(minor, 'EUR')
const ada: PostRequest = {
  orderId: 'O-ADA',
  orderNumber: '1001',
  market: 'IT',
  lines: [{ sku: 'TEE-1', name: 'Tee', quantity: 2, unitPrice: euros(1995), total: euros(3990) }],
  tax: euros(809),
  shipping: euros(499),
  total: euros(4489),
  signal: new AbortController().signal,
}

let heard: Envelope[]
let hook: Server
let vendor: ErpSimulator
let erp: ErpClient

beforeEach(async () => {
  heard = []
  hook = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const facts = translateErpNotice({ body, headers: request.headers }, { secret, now: systemClock.now() })
    if (facts.ok) heard.push(...facts.value)
    response.writeHead(facts.ok ? 202 : 400).end()
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  // A listening server has an address.
  const { port } = hook.address() as AddressInfo
  const webhook = { url: `http://127.0.0.1:${port}/hooks/erp`, secret }
  vendor = await openErpSimulator({ clock: systemClock, random: seededRandom(1), log: silentLog, webhook })
  erp = createErpClient({ url: vendor.url, log: silentLog })
})

afterEach(async () => {
  await erp[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
  await new Promise((resolve) => hook.close(resolve))
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

function events(): readonly string[] {
  return vendor.ledger().map((entry) => entry.event)
}

describe('a posting', () => {
  it('is booked once under one number, however often it is sent, in decimal text', async () => {
    const first = await erp.post(ada)
    expect(await erp.post(ada)).toEqual(first)
    expect(first).toEqual({ postingId: 'BL-0000001' })
    expect(vendor.ledger()).toMatchObject([
      { event: 'posted', document: { gross: '44.89', freight: '4.99' } },
    ])
  })

  it('that does not add up is refused for good', async () => {
    const wrong = erp.post({ ...ada, total: euros(4490) })
    await expect(wrong).rejects.toMatchObject({ code: 'UPSTREAM_INVALID', retryable: false })
  })

  it('with another total under the same order is refused for good', async () => {
    await erp.post(ada)
    const other = erp.post({ ...ada, shipping: euros(0), total: euros(3990) })
    await expect(other).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' })
  })
})

describe('an ERP in trouble', () => {
  it.each([
    ['losing-replies', { mode: 'losing-replies', next: 1 }],
    ['duplicating', { mode: 'duplicating' }],
  ] as const)('that is %s has booked once', async (_name, behaviour) => {
    vendor.behave(behaviour)
    await erp.post(ada)
    expect(events()).toEqual(['posted'])
  })

  it('that is slow, failing or dead is a fault to retry', async () => {
    await using hasty = createErpClient({ url: vendor.url, log: silentLog, timeoutMs: 100 })
    vendor.behave({ mode: 'slow', ms: 10_000 })
    await expect(hasty.post(ada)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: true })
    vendor.behave({ mode: 'failing', status: 500 })
    await expect(erp.post(ada)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    vendor.behave({ mode: 'dead' })
    await expect(erp.post(ada)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
  })
})

describe('master data', () => {
  it('of a new price arrives as ErpPriceChanged in minor units', async () => {
    vendor.changePrice({ material: 'TEE-1', price_list: 'IT', gross: '17.50', currency: 'EUR' })
    await until(() => events().includes('acknowledged'))
    expect(heard).toMatchObject([
      {
        type: 'ErpPriceChanged',
        stream: 'erp-price-TEE-1',
        source: 'erp',
        data: { sku: 'TEE-1', market: 'IT', price: { minor: 1750, currency: 'EUR' } },
      },
    ])
  })

  it('of a renamed product arrives as ErpProductChanged, asked for by an admin call', async () => {
    const body = JSON.stringify({ product_group: 'P-0001', short_text: 'Linen shirt' })
    const answer = await fetch(`${vendor.url}/admin/materials`, { method: 'POST', body })
    expect(answer.status).toBe(202)
    await until(() => heard.length > 0)
    expect(heard).toMatchObject([
      { type: 'ErpProductChanged', data: { productId: 'P-0001', name: 'Linen shirt' } },
    ])
  })

  it.each(['12', '12.5', '12.345', '-1.00', '1e3'])('with the price %s is refused', async (gross) => {
    const body = JSON.stringify({ material: 'TEE-1', price_list: 'IT', gross, currency: 'EUR' })
    const answer = await fetch(`${vendor.url}/admin/prices`, { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toMatch(/decimal text/)
  })
})

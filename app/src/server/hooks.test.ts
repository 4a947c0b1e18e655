import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { Fault } from '@stoa/platform/fault'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { SIGNATURE_HEADER, signWebhook } from '@stoa/platform/webhook-signature'
import { hookRoutes } from './hooks.ts'
import { serve } from './web-server.fixture.ts'

const secret = 'a secret shared with the warehouse'
const notice = {
  kind: 'goods_issue',
  notice_no: 'GI-1',
  seq: 7,
  issued_at: '2026-01-05T09:00:00.000Z',
  order_ref: 'O-BO-1',
  customer_order: 'O-BO',
  carrier: 'Postwagen',
  tracking: 'TR1',
}
const clock = systemClock

let server: Awaited<ReturnType<typeof serve>>
let told: readonly Envelope[][] = []
let publish: EventBus['publish']
beforeAll(async () => {
  const real = openMemoryBus({ clock, random: systemRandom, log: silentLog })
  const bus: EventBus = { ...real, publish: (events) => publish(events) }
  server = await serve(hookRoutes({ bus, clock, log: silentLog }, secret))
})
beforeEach(() => {
  told = []
  publish = async (events) => {
    told = [...told, [...events]]
  }
})
afterAll(async () => await server[Symbol.asyncDispose]())

function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const signature = { [SIGNATURE_HEADER]: signWebhook(body, secret, clock.now()) }
  return fetch(`${server.url}${path}`, { method: 'POST', body, headers: { ...signature, ...headers } })
}

describe('a notice of a vendor', () => {
  it('is told on the bus before it is acknowledged', async () => {
    let answered = false
    const { promise: durable, resolve: makeDurable } = Promise.withResolvers<void>()
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    publish = async () => {
      ask()
      await durable
    }
    const answer = post('/hooks/wms', JSON.stringify(notice)).then((response) => {
      answered = true
      return response
    })
    await asked
    expect(answered).toBe(false)
    makeDurable()
    expect([(await answer).status, await (await answer).json()]).toEqual([202, { accepted: 1 }])
  })

  it('becomes the fact that it says', async () => {
    await post('/hooks/wms', JSON.stringify(notice))
    expect(told).toMatchObject([[{ id: 'wms-GI-1', type: 'WarehouseShipped', source: 'wms' }]])
  })

  it('is asked for again when the bus could not take it', async () => {
    publish = async () => {
      throw new Fault('STORE_UNAVAILABLE', 'bus.sqlite is locked')
    }
    const response = await post('/hooks/wms', JSON.stringify(notice))
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      errors: [{ message: 'Not taken in. Send it again.', extensions: { code: 'STORE_UNAVAILABLE' } }],
    })
  })

  it.each([
    ['with another signature', '/hooks/wms', { [SIGNATURE_HEADER]: 't=1,v1=00' }, 401, 'BAD_SIGNATURE'],
    ['of nobody we know', '/hooks/sap', {}, 404, 'NOT_FOUND'],
  ])('%s is refused', async (_case, path, headers, status, code) => {
    const response = await post(path, JSON.stringify(notice), headers)
    expect([response.status, await response.json()]).toMatchObject([
      status,
      { errors: [{ extensions: { code } }] },
    ])
    expect(told).toEqual([])
  })

  it.each([
    ['is a form', 'kind=goods_issue&seq=7', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['is empty', '', {}],
    ['is of another vendor', '{"price":1}', {}],
  ])('that %s is refused, though it is signed', async (_case, body, headers) => {
    const response = await post('/hooks/erp', body, headers)
    expect(response.status).toBe(400)
    expect(told).toEqual([])
  })

  it('is only ever posted', async () => {
    const response = await fetch(`${server.url}/hooks/wms`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('a notice of more than a megabyte', () => {
  it('is refused when it says so beforehand, and nobody waits for it', async () => {
    const response = await post('/hooks/wms', 'x'.repeat(1_000_001))
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] },
    ])
  })

  it('is refused while it comes when it does not say so', async () => {
    const sending = request(`${server.url}/hooks/wms`, { method: 'POST' })
    sending.on('error', () => {})
    const status = new Promise((resolve) => sending.once('response', (answer) => resolve(answer.statusCode)))
    for (let i = 0; i < 20; i++) sending.write('x'.repeat(64_000))
    expect(await status).toBe(413)
    sending.destroy()
  })
})

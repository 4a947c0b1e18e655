import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createVirtualClock, type VirtualClock } from '@stoa/platform/clock.virtual'
import { createMemoryRateBucket } from '@stoa/platform/rate-bucket.memory'
import { type HttpAnswer, type HttpFixture, openHttpFixture } from '../../test/http-fixture.ts'
import { openLiveServer, socketClient } from '../../test/live-server.ts'
import { shop } from '../../test/small-shop.ts'
import { createTokens } from '../../test/tokens.ts'

const limit = { capacity: 2, perSecond: 0.5 }
const query = '{ latest { id } }'

describe('how often one caller may ask', () => {
  let clock: VirtualClock
  let served: HttpFixture
  let tokens: Awaited<ReturnType<typeof createTokens>>

  beforeEach(async () => {
    clock = createVirtualClock()
    tokens = await createTokens(clock)
    const bucket = createMemoryRateBucket({ limit, clock })
    served = await openHttpFixture(shop, { clock, issuer: tokens.issuer, rate: { bucket, proxies: 1 } })
  })
  afterEach(async () => await served[Symbol.asyncDispose]())

  function ask(headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    const body = JSON.stringify({ query })
    return served.send({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  }
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('is limited by address; the refusal says when to come again', async () => {
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    const refused = await ask()
    expect(refused).toMatchObject({ status: 429, code: 'OVERLOADED', headers: { 'retry-after': '2' } })
    expect(refused.body).toMatchObject({ errors: [{ extensions: { retryAfterMs: 2000 } }] })
    clock.advance(2000)
    expect((await ask()).status).toBe(200)
  })

  it('is not limited by what others ask', async () => {
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) await ask(from(address))
    expect((await ask(from('192.0.2.1'))).status).toBe(429)
    expect((await ask(from('192.0.2.2'))).status).toBe(200)
  })

  it('believes the proxies in front and nothing that stands before them', async () => {
    const told = ['192.0.2.1', '10.0.0.1, 192.0.2.1', '10.0.0.2,192.0.2.1']
    const answers = []
    for (const address of told) answers.push((await ask(from(address))).status)
    expect(answers).toEqual([200, 200, 429])
  })

  it('takes the addresses of one network for one, and an IPv4 address for itself however it is written', async () => {
    await ask(from('2001:db8:0:1::1'))
    await ask(from('2001:db8::1:0:0:0:2'))
    expect((await ask(from('2001:0db8:0:2::3'))).status).toBe(200)
    expect((await ask(from('2001:0DB8:0:1:ffff::4'))).status).toBe(429)
    await ask(from('::ffff:192.0.2.7'))
    await ask(from('192.0.2.7'))
    expect((await ask(from('192.0.2.7'))).status).toBe(429)
  })

  it('follows who signs in from address to address, and tells two at one address apart', async () => {
    const ada = { authorization: await tokens.headerFor('CU-ada', 60) }
    const bo = { authorization: await tokens.headerFor('CU-bo', 60) }
    await ask({ ...ada, ...from('192.0.2.1') })
    await ask({ ...ada, ...from('192.0.2.2') })
    expect((await ask({ ...ada, ...from('192.0.2.3') })).status).toBe(429)
    expect((await ask({ ...bo, ...from('192.0.2.3') })).status).toBe(200)
  })

  it('counts tokens that do not hold by the address they come from', async () => {
    const answers = []
    for (let i = 0; i < 3; i++) answers.push((await ask({ authorization: `Bearer no.${i}` })).status)
    expect(answers).toEqual([401, 401, 429])
  })
})

describe('how often one caller may subscribe', () => {
  it('is limited the same way over WebSocket', async () => {
    const clock = createVirtualClock()
    const bucket = createMemoryRateBucket({ limit: { capacity: 1, perSecond: 1 }, clock })
    await using server = await openLiveServer({ rate: { bucket } })
    const client = socketClient(server.socketUrl)
    const watch = { query: 'subscription { orderChanged { orderId } }' }
    void client.iterate(watch).next()
    await server.shop.orders.until(1)
    await expect(client.iterate(watch).next()).rejects.toMatchObject([{ extensions: { code: 'OVERLOADED' } }])
    await client.dispose()
  })
})

import { hash } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '@stoa/platform/clock'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import type { Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type LiveServer, openLiveServer, socketClient } from '../../test/live-server.ts'
import { createTokens } from '../../test/tokens.ts'
import { defaultLimits, type SubscriptionLimits } from '../limits.ts'

const watch = 'subscription { orderChanged { orderId status } }'
const changed = { orderChanged: { orderId: 'O-1' } }
const created = { data: { orderChanged: { orderId: 'O-1', status: 'CREATED' } } }

function limited(limits: Partial<SubscriptionLimits>): {
  readonly limits: { subscriptions: SubscriptionLimits }
} {
  return { limits: { subscriptions: { ...defaultLimits.subscriptions, ...limits } } }
}

/** The next answer; `end` when there is none. */
async function next(items: AsyncIterator<unknown>): Promise<unknown> {
  const { done, value } = await items.next()
  return done ? 'end' : value
}

/** What an operation ends with when it has no answer: its errors, or how the socket was closed. */
async function failure(client: Client, query: string, more: object = {}): Promise<unknown> {
  try {
    return await next(client.iterate({ query, ...more }))
  } catch (reason) {
    return reason
  }
}

/** A socket that speaks for itself. */
async function openRaw({ socketUrl }: LiveServer, protocol = 'graphql-transport-ws', headers = {}) {
  const socket = new WebSocket(socketUrl, protocol, { headers })
  await once(socket, 'open')
  return {
    socket,
    say: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    heard: async () => JSON.parse(String((await once(socket, 'message'))[0])),
    async closed() {
      const [code, reason] = await once(socket, 'close')
      return { code, reason: String(reason) }
    },
  }
}

async function statusOf(server: LiveServer, headers: object): Promise<number> {
  const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws', { headers: { ...headers } })
  socket.on('error', () => {})
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => response.statusCode),
  ])
  socket.terminate()
  return status
}

describe('GraphQL over WebSocket', () => {
  it('tells events as they come, several subscriptions over one connection', async () => {
    await using server = await openLiveServer()
    const client = socketClient(server.socketUrl)
    const orders = client.iterate({ query: watch })
    const things = client.iterate({ query: 'subscription { thingChanged { ... on Product { name } } }' })
    await server.shop.orders.until(2)
    server.shop.orders.tell({ ...changed, thingChanged: { __typename: 'Product', sku: 'MUG' } })
    expect(await next(orders)).toEqual(created)
    expect(await next(things)).toEqual({ data: { thingChanged: { name: 'the MUG' } } })
    server.shop.orders.end()
    expect(await next(orders)).toBe('end')
    await client.dispose()
  })

  it('closes the source when a client completes, and when its connection is gone', async () => {
    await using server = await openLiveServer()
    const client = socketClient(server.socketUrl)
    const [first, second] = [client.iterate({ query: watch }), client.iterate({ query: watch })]
    await server.shop.orders.until(2)
    await first.return?.()
    await server.shop.orders.until(1)
    const ended = second.next().catch(() => {})
    client.terminate()
    await server.shop.orders.until(0)
    await ended
  })

  it('answers queries and mutations, and passes errors of a source on with a code', async () => {
    await using server = await openLiveServer()
    const client = socketClient(server.socketUrl)
    expect(await failure(client, '{ order(orderId: "O-1") { status } }')).toEqual({
      data: { order: { status: 'CREATED' } },
    })
    expect(await failure(client, 'mutation { touch }')).toEqual({ data: { touch: true } })
    const items = client.iterate({ query: watch })
    await server.shop.orders.until(1)
    server.shop.orders.fail(new Error('gone'))
    await expect(items.next()).rejects.toMatchObject([{ extensions: { code: 'SUBGRAPH_FAILED' } }])
    await client.dispose()
  })

  it.each([
    ['subscription { orderGone { orderId } }', 'DOCUMENT_INVALID'],
    ['subscription {', 'DOCUMENT_UNPARSABLE'],
    [`{ order(orderId: "1") { ${'s '.repeat(1_001)} } }`, 'TOO_MANY_TOKENS'],
  ])('refuses what is no good with a code: %#', async (query, code) => {
    await using server = await openLiveServer()
    const client = socketClient(server.socketUrl)
    expect(await failure(client, query)).toMatchObject([{ extensions: { code } }])
    await client.dispose()
  })

  it('runs trusted documents by id alone where only these are run', async () => {
    const documentId = `sha256:${hash('sha256', watch)}`
    await using server = await openLiveServer({
      documents: new Map([[documentId, watch]]),
      adHocDocuments: false,
    })
    const client = socketClient(server.socketUrl)
    expect(await failure(client, watch)).toMatchObject([{ extensions: { code: 'DOCUMENT_REQUIRED' } }])
    const items = client.iterate({ query: '', extensions: { documentId } })
    await server.shop.orders.until(1)
    server.shop.orders.tell(changed)
    expect(await next(items)).toEqual(created)
    await client.dispose()
  })

  it('forgets a subscription whose source broke: another one may take its place', async () => {
    await using server = await openLiveServer(limited({ total: 1 }))
    const client = socketClient(server.socketUrl)
    for (let i = 0; i < 3; i++) {
      const items = client.iterate({ query: watch })
      await server.shop.orders.until(1)
      server.shop.orders.fail(new Error('gone'))
      await expect(items.next()).rejects.toMatchObject([{ extensions: { code: 'SUBGRAPH_FAILED' } }])
    }
    await client.dispose()
  })

  it('ends what runs on an old graph with a code that says so', async () => {
    await using server = await openLiveServer()
    const client = socketClient(server.socketUrl)
    const items = client.iterate({ query: watch })
    await server.shop.orders.until(1)
    await (await server.shop.gateway.reload(`${server.shop.supergraph}\n`)).unused
    await expect(items.next()).rejects.toMatchObject([{ extensions: { code: 'GRAPH_CHANGED' } }])
    await client.dispose()
  })

  it('closes with 1001 when the server goes, so that clients connect elsewhere', async () => {
    await using server = await openLiveServer()
    const items = socketClient(server.socketUrl).iterate({ query: watch })
    await server.shop.orders.until(1)
    const ended = items.next().catch((reason: unknown) => reason)
    await server.drain()
    expect(await ended).toMatchObject({ code: 1001 })
    expect(server.shop.orders.listeners()).toBe(0)
  })
})

describe('who asks', () => {
  it('is said in connection_init or in the headers, once', async () => {
    const tokens = await createTokens(systemClock)
    await using server = await openLiveServer({ issuer: tokens.issuer })
    const authorization = await tokens.headerFor('CU-ada', 600)
    const client = socketClient(server.socketUrl, { connectionParams: { Authorization: authorization } })
    expect(await failure(client, '{ order(orderId: "1") { orderId } }')).toHaveProperty('data')
    expect(server.shop.asked[0]?.request.context.principal).toMatchObject({ customerId: 'CU-ada' })
    await client.dispose()
    const raw = await openRaw(server, undefined, { authorization: await tokens.headerFor('CU-bo', 600) })
    raw.say({ type: 'connection_init', payload: { authorization } })
    expect(await raw.closed()).toEqual({ code: 4403, reason: 'CREDENTIALS_AMBIGUOUS' })
  })

  it('is refused with 4403 when nobody knows them', async () => {
    await using server = await openLiveServer()
    const client = socketClient(server.socketUrl, { connectionParams: { 'x-api-key': 'no key' } })
    expect(await failure(client, watch)).toMatchObject({ code: 4403, reason: 'UNAUTHENTICATED' })
  })

  it('is looked at again: a connection ends with its token', async () => {
    const clock = createVirtualClock()
    const tokens = await createTokens(clock)
    const quiet = limited({ keepAliveMs: 3_600_000, initMs: 3_600_000 })
    await using server = await openLiveServer({ issuer: tokens.issuer, clock, ...quiet })
    const authorization = await tokens.headerFor('CU-ada', 60)
    const items = socketClient(server.socketUrl, { connectionParams: { authorization } }).iterate({
      query: watch,
    })
    await server.shop.orders.until(1)
    server.shop.orders.tell(changed)
    expect(await next(items)).toEqual(created)
    let isOver = false
    const ended = items.next().catch((reason: unknown) => {
      isOver = true
      return reason
    })
    // Each look at the token takes a while, and sets the time of the next.
    for (let quarter = 0; quarter < 600 && !isOver; quarter++) {
      clock.advance(15_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(await ended).toMatchObject({ code: 4403, reason: 'UNAUTHENTICATED' })
    await server.shop.orders.until(0)
  })
})

describe('what a WebSocket may not do', () => {
  it('is to come from pages of other sites', async () => {
    await using server = await openLiveServer({ origins: ['https://shop.example'] })
    const own = server.url.replace('/graphql', '')
    expect(await statusOf(server, { origin: 'https://evil.example' })).toBe(403)
    expect(await statusOf(server, { origin: 'null' })).toBe(403)
    for (const headers of [{}, { origin: own }, { origin: 'https://shop.example' }])
      expect(await statusOf(server, headers)).toBe(101)
  })

  it.each([
    ['no JSON', 'nonsense', 4400],
    ['an unknown message', { type: 'start', id: '1' }, 4400],
    ['a message that nests too deep', '['.repeat(100), 4400],
    ['a message that is too large', `"${'x'.repeat(300_000)}"`, 1009],
    ['a subscription before it is let in', { type: 'subscribe', id: '1', payload: { query: watch } }, 4401],
  ])('is to say %s', async (_what, message, code) => {
    await using server = await openLiveServer()
    const raw = await openRaw(server)
    raw.say(message)
    expect(await raw.closed()).toMatchObject({ code })
  })

  it('is to speak another protocol', async () => {
    await using server = await openLiveServer()
    const socket = new WebSocket(server.socketUrl)
    expect((await once(socket, 'close'))[0]).toBe(4406)
  })

  it('is to wait with its connection_init', async () => {
    await using server = await openLiveServer(limited({ initMs: 20 }))
    expect(await (await openRaw(server)).closed()).toMatchObject({ code: 4408 })
  })

  it('is to begin twice, or to use one id for two', async () => {
    await using server = await openLiveServer()
    const twice = await openRaw(server)
    twice.say({ type: 'connection_init' })
    twice.say({ type: 'connection_init' })
    expect(await twice.closed()).toMatchObject({ code: 4429 })
    const same = await openRaw(server)
    same.say({ type: 'connection_init' })
    await same.heard()
    for (let i = 0; i < 2; i++) same.say({ type: 'subscribe', id: '1', payload: { query: watch } })
    expect(await same.closed()).toMatchObject({ code: 4409 })
  })

  it('is to run more than its share at once', async () => {
    await using server = await openLiveServer(limited({ perConnection: 2 }))
    const client = socketClient(server.socketUrl)
    const two = [client.iterate({ query: watch }), client.iterate({ query: watch })]
    await server.shop.orders.until(2)
    expect(await failure(client, watch)).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }])
    for (const items of two) await items.return?.()
    await client.dispose()
  })

  it('is to be one too many, as a connection or as a subscription', async () => {
    await using server = await openLiveServer(limited({ connections: 1, total: 1 }))
    const client = socketClient(server.socketUrl)
    const items = client.iterate({ query: watch })
    await server.shop.orders.until(1)
    expect(await failure(client, watch)).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }])
    expect(await statusOf(server, {})).toBe(503)
    await items.return?.()
    await client.dispose()
  })

  it('is to be dead: a peer that gives no sign of life is cut off', async () => {
    await using server = await openLiveServer(limited({ keepAliveMs: 20 }))
    const raw = new WebSocket(server.socketUrl, 'graphql-transport-ws', { autoPong: false })
    expect((await once(raw, 'close'))[0]).toBe(1006)
  })

  it('is to read nothing: one subscription is ended, and the connection cut', async () => {
    await using server = await openLiveServer(limited({ waitingEvents: 8, writeMs: 100 }))
    const raw = await openRaw(server)
    raw.say({ type: 'connection_init' })
    await raw.heard()
    raw.say({ type: 'subscribe', id: '1', payload: { query: 'subscription { orderChanged { orderId } }' } })
    await server.shop.orders.until(1)
    raw.socket.pause()
    const large = { orderChanged: { orderId: 'x'.repeat(500_000) } }
    for (let told = 0; told < 100 && server.shop.orders.listeners() > 0; told++) {
      server.shop.orders.tell(large)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(server.shop.orders.listeners()).toBe(0)
    const closed = raw.closed()
    await new Promise((resolve) => setTimeout(resolve, 150))
    raw.socket.resume()
    expect(await closed).toMatchObject({ code: 1006 })
  })
})

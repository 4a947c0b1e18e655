import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { bodySha256, verifyContext } from '@stoa/platform/context-token'
import { silentLog } from '@stoa/platform/log'
import type { RequestContext, SubgraphRequest } from '@stoa/platform/subgraph'
import { WebSocketServer } from 'ws'
import { createEventChannel } from '../../test/event-channel.ts'
import { serveEvents } from '../../test/event-subgraph.ts'
import { openWireShop, type WireShop } from '../../test/wire-shop.ts'
import { bodyOf } from '../answer-response.ts'
import { createHttpSubgraphClient, type HttpSubgraphOptions } from '../subgraph-client.http.ts'
import type { StreamItems } from '../subscriptions/create-subscription.ts'

const watch = 'subscription { orderChanged { orderId status } }'
const changed = { orderChanged: { orderId: 'O-1' } }
const created = { data: { orderChanged: { orderId: 'O-1', status: 'CREATED' } } }

async function subscribe(shop: WireShop, query: string): Promise<StreamItems> {
  const opened = await shop.gateway.subscribe({ query })
  if ('items' in opened) return opened.items
  throw new Error(JSON.stringify(bodyOf(opened)))
}

async function next(items: StreamItems): Promise<unknown> {
  const { done, value } = await items.next()
  if (done) return 'end'
  return 'json' in value ? JSON.parse(Buffer.from(value.json, 'latin1').toString()) : { ended: value.errors }
}

describe.each(['sse', 'ws'] as const)('a subgraph that tells events by %s', (way) => {
  it('is the source, while fields of what it names come from another subgraph over HTTP', async () => {
    await using shop = await openWireShop(way)
    const items = await subscribe(shop, watch)
    await shop.orders.until(1)
    for (let i = 0; i < 3; i++) {
      shop.orders.tell(changed)
      expect(await next(items)).toEqual(created)
    }
    shop.orders.end()
    expect(await next(items)).toBe('end')
  })

  it('tells events of different types, and errors in events', async () => {
    await using shop = await openWireShop(way)
    const items = await subscribe(shop, 'subscription { thingChanged { ... on Product { name } } }')
    await shop.orders.until(1)
    shop.orders.tell({ thingChanged: { __typename: 'Product', sku: 'MUG' } })
    expect(await next(items)).toEqual({ data: { thingChanged: { name: 'the MUG' } } })
    shop.orders.tell({ thingChanged: new Error('at 10.0.0.7') })
    const answer = await next(items)
    expect(answer).toMatchObject({ data: { thingChanged: null }, errors: [{ path: ['thingChanged'] }] })
    expect(JSON.stringify(answer)).not.toContain('10.0.0.7')
  })

  it('refuses with errors, which are told as one event', async () => {
    await using shop = await openWireShop(way)
    const items = await subscribe(shop, 'subscription { refused { orderId } }')
    expect(await next(items)).toMatchObject({ data: { refused: null }, errors: [{}] })
    expect(await next(items)).toBe('end')
  })

  it('hears that the client left', async () => {
    await using shop = await openWireShop(way)
    const items = await subscribe(shop, watch)
    await shop.orders.until(1)
    await items.return()
    await shop.orders.until(0)
  })

  it('ends the subscription with a code when it dies', async () => {
    await using shop = await openWireShop(way)
    const items = await subscribe(shop, watch)
    await shop.orders.until(1)
    shop.orders.tell(changed)
    expect(await next(items)).toEqual(created)
    shop.source.cut()
    expect(await next(items)).toMatchObject({ ended: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] })
    const again = await subscribe(shop, watch)
    await shop.orders.until(1)
    shop.orders.tell(changed)
    expect(await next(again)).toEqual(created)
  })

  it('is told where the request comes from', async () => {
    await using shop = await openWireShop(way)
    const opened = await shop.gateway.subscribe({ query: watch, correlationId: 'ada-1' })
    await shop.orders.until(1)
    const [asked] = shop.source.asked
    const said = JSON.stringify(way === 'ws' ? asked?.payload : asked?.headers)
    expect(said).toMatch('ada-1')
    expect(said).toMatch(/"traceparent":"00-/)
    if ('items' in opened) await opened.items.return()
  })
})

describe('a subgraph of our own behind HTTP', () => {
  it('tells events by sse to whom the gateway signed for', async () => {
    await using shop = await openWireShop('sse', true)
    const items = await subscribe(shop, watch)
    await shop.orders.until(1)
    shop.orders.tell(changed)
    expect(await next(items)).toEqual(created)
    await items.return()
    await shop.orders.until(0)
  })
})

it('who asks is signed over a WebSocket, too, for exactly what is asked', async () => {
  const orders = createEventChannel<object>()
  await using source = await serveEvents(orders)
  const secret = 'a secret of at least thirty-two characters'
  const where = { name: 'live', url: source.url, subscriptions: 'ws', secret, log: silentLog } as const
  await using client = createHttpSubgraphClient(where)
  const leaving = new AbortController()
  const asker = { ...context, deadline: Date.now() + 2_000 }
  const asked = { query: watch.replace(' status', ''), variables: { word: 'é' } }
  const events = await client.subscribe({ ...asked, context: asker }, leaving.signal)
  await orders.until(1)
  const { payload } = source.asked[0] ?? { payload: {} }
  const token = 'extensions' in payload ? Object(payload.extensions)['stoa-context'] : ''
  const bound = { secret, audience: 'live', bodySha256: bodySha256(JSON.stringify(asked)) }
  expect(await verifyContext(token, bound)).toEqual(asker)
  leaving.abort()
  for await (const event of events) throw new Error(JSON.stringify(event))
  await orders.until(0)
})

it('several subscriptions share one WebSocket to a subgraph', async () => {
  await using shop = await openWireShop('ws')
  const all = await Promise.all([subscribe(shop, watch), subscribe(shop, watch), subscribe(shop, watch)])
  await shop.orders.until(3)
  expect(shop.source.taken()).toBe(1)
  await Promise.all(all.map((items) => items.return()))
  await shop.orders.until(0)
})

const context: Omit<RequestContext, 'deadline'> = {
  ...{ principal: { kind: 'anonymous' }, market: '', language: '', correlationId: 'ada-1' },
}

/** What comes of a subscription to this address: events, then how it ended. */
async function outcome(options: Pick<HttpSubgraphOptions, 'url' | 'subscriptions'>): Promise<unknown> {
  await using client = createHttpSubgraphClient({ name: 'live', log: silentLog, ...options })
  const request: SubgraphRequest = { query: watch, context: { ...context, deadline: Date.now() + 300 } }
  try {
    const told = []
    for await (const event of await client.subscribe(request, new AbortController().signal)) told.push(event)
    return told
  } catch (reason) {
    return reason
  }
}

async function fromServer(answer: (response: ServerResponse) => void): Promise<unknown> {
  const server = createServer((request, response) => void request.resume().on('end', () => answer(response)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const result = await outcome({ url: `http://127.0.0.1:${port}/graphql` })
  server.closeAllConnections()
  server.close()
  return result
}

const EVENTS = { 'content-type': 'text/event-stream' }

describe('events over sse that are no good', () => {
  it.each([
    ['a status of 503', (to: ServerResponse) => to.writeHead(503).end(), 'UPSTREAM_UNAVAILABLE'],
    [
      'JSON',
      (to: ServerResponse) => to.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      'UPSTREAM_INVALID',
    ],
    [
      'nonsense',
      (to: ServerResponse) => to.writeHead(200, EVENTS).end('event: next\ndata: {]\n\n'),
      'UPSTREAM_INVALID',
    ],
    [
      'neither data nor errors',
      (to: ServerResponse) => to.writeHead(200, EVENTS).end('event: next\ndata: {}\n\n'),
      'UPSTREAM_INVALID',
    ],
    [
      'an event without end',
      (to: ServerResponse) => to.writeHead(200, EVENTS).end(`data: ${'x'.repeat(2_000_000)}`),
      'UPSTREAM_INVALID',
    ],
    [
      'an end before it is complete',
      (to: ServerResponse) => to.writeHead(200, EVENTS).end(),
      'UPSTREAM_UNAVAILABLE',
    ],
    ['nothing in time', () => {}, 'DEADLINE_EXCEEDED'],
  ])('%s', async (_what, answer, code) => {
    expect(await fromServer(answer)).toMatchObject({ code })
  })

  it('nobody at the address', async () => {
    expect(await outcome({ url: 'http://127.0.0.1:9/graphql' })).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
  })

  it('are read over several lines and chunks, and comments are passed over', async () => {
    const said = ':\n\nid: 1\nevent: next\ndata: {"data":\ndata: {"a":1}}\n\nevent: complete\ndata:\n\n'
    const told = await fromServer((response) => {
      response.writeHead(200, EVENTS)
      for (const char of said) response.write(char)
      response.end()
    })
    expect(told).toEqual([{ data: { a: 1 } }])
  })
})

describe('events over a WebSocket that are no good', () => {
  it.each([
    ['no protocol', undefined, 'UPSTREAM_INVALID'],
    ['nonsense', ['{]'], 'UPSTREAM_INVALID'],
    ['no acknowledgement', [], 'DEADLINE_EXCEEDED'],
    [
      'an event that is too large',
      ['{"type":"connection_ack"}', `"${'x'.repeat(1_100_000)}"`],
      'UPSTREAM_INVALID',
    ],
  ])('%s', async (_what, said, code) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    server.on('connection', (socket) => {
      if (!said) return socket.close(4406)
      for (const message of said) socket.send(message)
    })
    // A server that listens on a port has an address of this kind.
    const { port } = server.address() as AddressInfo
    expect(await outcome({ url: `http://127.0.0.1:${port}`, subscriptions: 'ws' })).toMatchObject({ code })
    for (const socket of server.clients) socket.terminate()
    server.close()
  })

  it('nobody at the address', async () => {
    const where = { url: 'http://127.0.0.1:9/graphql', subscriptions: 'ws' } as const
    expect(await outcome(where)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})

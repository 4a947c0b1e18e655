import { hash } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request as open } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { createVirtualClock } from '@stoa/platform/clock.virtual'
import { invariant } from '@stoa/platform/invariant'
import { createClient } from 'graphql-sse'
import { type LiveServer, openLiveServer } from '../../test/live-server.ts'
import { createTokens } from '../../test/tokens.ts'
import { defaultLimits } from '../limits.ts'

const watch = 'subscription { orderChanged { orderId status } }'
const changed = { orderChanged: { orderId: 'O-1' } }
const created = { data: { orderChanged: { orderId: 'O-1', status: 'CREATED' } } }

function clientOf({ url }: LiveServer, headers: Readonly<Record<string, string>> = {}) {
  return createClient({ url, retryAttempts: 0, headers: { ...headers } })
}

async function next(items: AsyncIterator<unknown>): Promise<unknown> {
  const { done, value } = await items.next()
  return done ? 'end' : value
}

const ASK = { 'content-type': 'application/json', accept: 'text/event-stream' }

async function post({ url }: LiveServer, body: object | string, headers: object = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return await fetch(url, { method: 'POST', headers: { ...ASK, ...headers }, body: text })
}

describe('a subscription as server-sent events', () => {
  it('tells events as they come, then that it is complete', async () => {
    await using server = await openLiveServer()
    const items = clientOf(server).iterate({ query: watch })
    await server.shop.orders.until(1)
    for (const status of ['CREATED', 'PROCESSED']) {
      server.shop.statuses.set('O-1', status)
      server.shop.orders.tell(changed)
      expect(await next(items)).toEqual({ data: { orderChanged: { orderId: 'O-1', status } } })
    }
    server.shop.orders.end()
    expect(await next(items)).toBe('end')
  })

  it('has the form that the protocol gives it', async () => {
    await using server = await openLiveServer()
    const answer = await post(server, { query: watch })
    server.shop.orders.tell(changed)
    server.shop.orders.end()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(answer.headers.get('x-correlation-id')).not.toBeNull()
    expect(await answer.text()).toBe(
      `:\n\nevent: next\ndata: ${JSON.stringify(created)}\n\nevent: complete\ndata:\n\n`,
    )
  })

  it('closes its source when the client leaves', async () => {
    await using server = await openLiveServer()
    const leaving = new AbortController()
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: ASK,
      body: JSON.stringify({ query: watch }),
      signal: leaving.signal,
    })
    expect(server.shop.orders.listeners()).toBe(1)
    leaving.abort()
    await server.shop.orders.until(0)
    await answer.text().catch(() => {})
  })

  it('closes its source when the client left while the source was asked', async () => {
    const asked = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    await using server = await openLiveServer({
      wrap: (_name, { subscribe, ...client }) => ({
        ...client,
        async subscribe(request, signal) {
          asked.resolve()
          await go.promise
          invariant(subscribe, 'a subgraph that tells events')
          return await subscribe(request, signal)
        },
      }),
    })
    const leaving = new AbortController()
    const body = JSON.stringify({ query: watch })
    const answer = fetch(server.url, { method: 'POST', headers: ASK, body, signal: leaving.signal })
    await asked.promise
    leaving.abort()
    await expect(answer).rejects.toThrow('aborted')
    await new Promise((resolve) => setTimeout(resolve, 20))
    go.resolve()
    await server.shop.orders.until(0)
    await (await server.shop.gateway.reload(`${server.shop.supergraph}\n`)).unused
  })

  it('may be had by GET: a trusted document by its id, any other with a header that only its own page can send', async () => {
    const documentId = `sha256:${hash('sha256', watch)}`
    await using server = await openLiveServer({ documents: new Map([[documentId, watch]]) })
    const get = (query: string, headers: object = {}) =>
      fetch(`${server.url}?${query}`, { headers: { accept: 'text/event-stream', ...headers } })
    const byId = await get(`documentId=${documentId}`)
    server.shop.orders.tell(changed)
    server.shop.orders.end()
    expect(await byId.text()).toContain('"CREATED"')
    const adHoc = `query=${encodeURIComponent(watch)}`
    expect((await get(adHoc)).status).toBe(403)
    const own = await get(adHoc, { 'x-graphql-preflight': '1' })
    server.shop.orders.end()
    expect(await own.text()).toContain('event: complete')
  })

  it('gives signs of life while nothing happens', async () => {
    await using server = await openLiveServer({
      limits: { subscriptions: { ...defaultLimits.subscriptions, keepAliveMs: 10 } },
    })
    const answer = await post(server, { query: watch })
    const reader = answer.body?.getReader()
    let heard = ''
    while (!heard.startsWith(':\n\n:\n\n:\n\n'))
      heard += new TextDecoder().decode((await reader?.read())?.value)
    await reader?.cancel()
    await server.shop.orders.until(0)
  })

  it('ends with a code when its source breaks, when the graph is exchanged, and when the server goes', async () => {
    await using server = await openLiveServer()
    const endings: readonly (readonly [code: string, end: () => unknown])[] = [
      ['SUBGRAPH_FAILED', () => server.shop.orders.fail(new Error('gone'))],
      ['GRAPH_CHANGED', () => server.shop.gateway.reload(`${server.shop.supergraph}\n`)],
      ['GATEWAY_CLOSING', () => server.drain()],
    ]
    for (const [code, end] of endings) {
      const answer = await post(server, { query: watch })
      await Promise.all([end(), answer.text().then((text) => expect(text).toMatch(`"code":"${code}"`))])
    }
  })

  it('ends with the token of whoever asked', async () => {
    const clock = createVirtualClock()
    const tokens = await createTokens(clock)
    await using server = await openLiveServer({ issuer: tokens.issuer, clock })
    const authorization = await tokens.headerFor('CU-ada', 60)
    const items = clientOf(server, { authorization }).iterate({ query: watch })
    await server.shop.orders.until(1)
    server.shop.orders.tell(changed)
    expect(await next(items)).toEqual(created)
    clock.advance(70_000)
    server.shop.orders.tell(changed)
    expect(await next(items)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect(await next(items)).toBe('end')
  })

  it('is cut off when its client reads nothing', async () => {
    // More than any operating system holds for a reader, so that the writing is what waits.
    const waiting = { waitingEvents: 80, waitingBytes: 100_000_000, writeMs: 50 }
    await using server = await openLiveServer({
      limits: { subscriptions: { ...defaultLimits.subscriptions, ...waiting } },
    })
    const asking = open(server.url, { method: 'POST', headers: ASK })
    asking.end(JSON.stringify({ query: 'subscription { orderChanged { orderId } }' }))
    const [answer]: IncomingMessage[] = await once(asking, 'response')
    answer?.pause()
    for (let told = 0; told < 200 && server.shop.orders.listeners() > 0; told++) {
      server.shop.orders.tell({ orderChanged: { orderId: 'x'.repeat(500_000) } })
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(server.shop.orders.listeners()).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    answer?.resume()
    await expect(once(answer ?? asking, 'end')).rejects.toThrow('aborted')
  })
})

describe('what is no subscription', () => {
  it('is answered as one event, or as JSON where that is taken, too', async () => {
    await using server = await openLiveServer()
    const query = '{ order(orderId: "O-1") { status } }'
    const items = clientOf(server).iterate({ query })
    expect(await next(items)).toEqual({ data: { order: { status: 'CREATED' } } })
    expect(await next(items)).toBe('end')
    const both = await post(server, { query }, { accept: 'application/json, text/event-stream' })
    expect(await both.json()).toEqual({ data: { order: { status: 'CREATED' } } })
  })

  it.each([
    [{ query: 'subscription { gone { id } }' }, 200, 'DOCUMENT_INVALID'],
    [{ query: 'subscription {' }, 200, 'DOCUMENT_UNPARSABLE'],
    ['{"query": ', 400, 'JSON_INVALID'],
    [{}, 400, 'REQUEST_INVALID'],
  ])('%j is refused with %i and its code', async (body, status, code) => {
    await using server = await openLiveServer()
    const answer = await post(server, body)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(`"code":"${code}"`)
  })

  it('is whoever nobody knows: 401', async () => {
    await using server = await openLiveServer()
    expect((await post(server, { query: watch }, { 'x-api-key': 'no key' })).status).toBe(401)
  })
})

import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import { type LiveShop, openLiveShop } from '../../test/live-shop.ts'
import { bodyOf } from '../answer-response.ts'
import type { GatewayRequest } from '../options.ts'
import type { StreamItems } from './create-subscription.ts'

async function subscribe(shop: LiveShop, request: GatewayRequest): Promise<StreamItems> {
  const opened = await shop.gateway.subscribe(request)
  if ('items' in opened) return opened.items
  throw new Error(`Refused: ${opened.json}`)
}

async function refusal(shop: LiveShop, request: GatewayRequest): Promise<unknown> {
  const opened = await shop.gateway.subscribe(request)
  invariant(!('items' in opened), 'a refusal')
  return { status: opened.status, code: bodyOf(opened).errors?.[0]?.extensions.code }
}

/** The next answer; `end` when there is none. */
async function next(items: StreamItems): Promise<unknown> {
  const { done, value } = await items.next()
  if (done) return 'end'
  return 'json' in value ? JSON.parse(Buffer.from(value.json, 'latin1').toString()) : { ended: value.errors }
}

const status = 'subscription { orderChanged { orderId status } }'

describe('a subscription through the plan', () => {
  it('has its events from one subgraph, and fields of what they name from others', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, {
      query:
        'subscription Watch($id: ID!) { changed: orderChanged(orderId: $id) { status lines { quantity product { name } } } }',
      variables: { id: 'O-1' },
    })
    for (const said of ['CREATED', 'PROCESSED', 'FULFILLED']) {
      shop.statuses.set('O-1', said)
      shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
      expect(await next(items)).toEqual({
        data: { changed: { status: said, lines: [{ quantity: 2, product: { name: 'the TEE' } }] } },
      })
    }
    expect(shop.asked[0]?.request.variables).toEqual({ id: 'O-1' })
    shop.orders.end()
    expect(await next(items)).toBe('end')
  })

  it('answers events one after another in their order, however many come at once', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, {
      query: 'subscription { orderChanged { orderId lines { quantity } } }',
    })
    const ids = Array.from({ length: 50 }, (_, i) => `O-${i}`)
    for (const orderId of ids) shop.statuses.set(orderId, 'CREATED')
    for (const orderId of ids) shop.orders.tell({ orderChanged: { orderId } })
    const answers = []
    for (const _ of ids) answers.push(await next(items))
    expect(answers).toEqual(
      ids.map((orderId) => ({ data: { orderChanged: { orderId, lines: [{ quantity: 2 }] } } })),
    )
  })

  it('tells unions apart in each event', async () => {
    await using shop = await openLiveShop()
    const query =
      'subscription { thingChanged { kind: __typename ... on Order { status } ... on Product { name } } }'
    const items = await subscribe(shop, { query })
    for (let i = 0; i < 2; i++) {
      shop.orders.tell({ thingChanged: { __typename: 'Product', sku: 'MUG' } })
      expect(await next(items)).toEqual({ data: { thingChanged: { kind: 'Product', name: 'the MUG' } } })
      shop.orders.tell({ thingChanged: { __typename: 'Order', orderId: 'O-1' } })
      expect(await next(items)).toEqual({ data: { thingChanged: { kind: 'Order', status: 'CREATED' } } })
    }
  })

  it('tells an interface apart, with fields of another subgraph for one of its types', async () => {
    await using shop = await openLiveShop()
    const query = 'subscription { markChanged { __typename mark ... on Badge { colour } } }'
    const items = await subscribe(shop, { query })
    for (let i = 0; i < 3; i++) {
      shop.orders.tell({ markChanged: { __typename: 'Memo', mark: 'a' } })
      shop.orders.tell({ markChanged: { __typename: 'Badge', id: 'B', mark: 'b' } })
      shop.orders.tell({ markChanged: null })
      expect(await next(items)).toEqual({ data: { markChanged: { __typename: 'Memo', mark: 'a' } } })
      const badge = { __typename: 'Badge', mark: 'b', colour: 'B red' }
      expect(await next(items)).toEqual({ data: { markChanged: badge } })
      expect(await next(items)).toEqual({ data: { markChanged: null } })
    }
  })

  it('gives each event a deadline and a span of its own in one trace', async () => {
    await using shop = await openLiveShop()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const items = await subscribe(shop, { query: status, traceparent, correlationId: 'ada-1' })
    for (let i = 0; i < 2; i++) {
      shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
      await next(items)
    }
    const contexts = shop.asked.map(({ request }) => request.context)
    expect(contexts.map(({ correlationId }) => correlationId)).toEqual(['ada-1', 'ada-1', 'ada-1'])
    const spans = contexts.map((context) => context.traceparent?.slice(0, 52))
    expect(new Set(spans).size).toBe(3)
    expect(new Set(spans.map((span) => span?.slice(0, 35)))).toEqual(new Set([traceparent.slice(0, 35)]))
  })
})

describe('what goes wrong in an event', () => {
  it('says the correlation id to report when it is a bug', async () => {
    await using shop = await openLiveShop({
      wrap: (_name, client) => ({
        ...client,
        subscribe: async () => {
          throw new Error('a bug')
        },
      }),
    })
    const opened = await shop.gateway.subscribe({ query: status, correlationId: 'ada-1' })
    invariant(!('items' in opened), 'a refusal')
    const extensions = { code: 'GATEWAY_FAILED', correlationId: 'ada-1' }
    expect(bodyOf(opened).errors).toMatchObject([{ extensions }])
  })

  it('is told at its place, and the next event comes as always', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: status })
    shop.statuses.set('O-1', new Error('a row is missing'))
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect(await next(items)).toMatchObject({
      data: { orderChanged: { orderId: 'O-1', status: null } },
      errors: [{ path: ['orderChanged', 'status'], extensions: { code: 'INTERNAL' } }],
    })
    shop.statuses.set('O-1', 'PROCESSED')
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect(await next(items)).toEqual({ data: { orderChanged: { orderId: 'O-1', status: 'PROCESSED' } } })
  })

  it('travels up to the root where nothing may be null', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: 'subscription { sure: sureThing { lines { quantity } } }' })
    shop.orders.tell({ sureThing: { orderId: 'O-nobody-knows' } })
    expect(await next(items)).toMatchObject({
      data: null,
      errors: [{ path: ['sure', 'lines'], extensions: { code: 'NULL_NOT_ALLOWED' } }],
    })
  })

  it('is a subgraph that does not answer in time: the event says so, the next one comes', async () => {
    let isStuck = true
    await using shop = await openLiveShop({
      limits: { deadlineMs: 50 },
      wrap: (_name, client) => ({
        ...client,
        execute: (request) => (isStuck ? new Promise(() => {}) : client.execute(request)),
      }),
    })
    const items = await subscribe(shop, { query: status })
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect(await next(items)).toMatchObject({
      data: { orderChanged: { orderId: 'O-1', status: null } },
      errors: [{ path: ['orderChanged', 'status'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    })
    isStuck = false
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect(await next(items)).toEqual({ data: { orderChanged: { orderId: 'O-1', status: 'CREATED' } } })
  })

  it('is passed on when the source itself tells it', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: status })
    shop.orders.tell({ orderChanged: new Error('the source stumbled') })
    expect(await next(items)).toMatchObject({
      data: { orderChanged: null },
      errors: [{ path: ['orderChanged'], extensions: { code: 'INTERNAL' } }],
    })
  })
})

describe('a source', () => {
  it('that refuses is told as one event that is an error', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: 'subscription { refused { status } }' })
    expect(await next(items)).toMatchObject({
      data: { refused: null },
      errors: [{ extensions: { code: 'INTERNAL' } }],
    })
    expect(await next(items)).toBe('end')
  })

  it('that breaks ends the subscription with a code, after what came before', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: 'subscription { orderChanged { orderId } }' })
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    shop.orders.fail(new Error('connect ECONNREFUSED 10.0.0.7'))
    expect(await next(items)).toEqual({ data: { orderChanged: { orderId: 'O-1' } } })
    const last = await next(items)
    expect(last).toMatchObject({ ended: [{ extensions: { code: 'SUBGRAPH_FAILED' } }] })
    expect(JSON.stringify(last)).not.toContain('10.0.0.7')
    expect(await next(items)).toBe('end')
  })

  it.each([
    ['nonsense', 'no object'],
    ['neither data nor errors', { extensions: {} }],
    ['too much', { data: { orderChanged: { orderId: 'x'.repeat(2_000_000) } } }],
  ])('that tells %s ends it', async (_what, told) => {
    await using shop = await openLiveShop({
      wrap: (_name, client) => ({
        ...client,
        async subscribe() {
          return (async function* () {
            // What comes over a wire is only said to be a response.
            yield JSON.parse(JSON.stringify(told))
          })()
        },
      }),
    })
    const query = 'subscription { orderChanged { orderId } }'
    const items = await subscribe(shop, { query, correlationId: 'ada-1' })
    const extensions = { code: 'SUBGRAPH_INVALID', correlationId: 'ada-1' }
    expect(await next(items)).toMatchObject({ ended: [{ extensions }] })
    expect(await next(items)).toBe('end')
  })

  it('is closed at once when the client leaves, though no event comes', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: status })
    const waiting = items.next()
    expect(shop.orders.listeners()).toBe(1)
    await items.return()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await shop.orders.until(0)
  })

  it('is let go when its client reads too slowly', async () => {
    const slow = { total: 1, connections: 1, perConnection: 1, waitingEvents: 3, waitingBytes: 10_000 }
    const times = { eventBytes: 1_000, initMs: 1_000, keepAliveMs: 1_000, writeMs: 1_000, recheckMs: 1_000 }
    await using shop = await openLiveShop({ limits: { subscriptions: { ...slow, ...times } } })
    const items = await subscribe(shop, { query: 'subscription { orderChanged { orderId } }' })
    for (let i = 0; i < 6; i++) shop.orders.tell({ orderChanged: { orderId: `O-${i}` } })
    await shop.orders.until(0)
    expect(await next(items)).toMatchObject({ ended: [{ extensions: { code: 'SUBSCRIBER_TOO_SLOW' } }] })
    expect(await next(items)).toBe('end')
  })
})

describe('what is asked for', () => {
  it.each([
    ['subscription { a: orderChanged { orderId } b: thingChanged { __typename } }', 'DOCUMENT_INVALID'],
    ['subscription { __typename }', 'DOCUMENT_INVALID'],
    ['subscription { orderChanged @skip(if: true) { orderId } }', 'DOCUMENT_INVALID'],
    ['subscription { orderChanged { orderId', 'DOCUMENT_UNPARSABLE'],
    ['subscription { orderGone { orderId } }', 'DOCUMENT_INVALID'],
  ])('%s is refused', async (query, code) => {
    await using shop = await openLiveShop()
    expect(await refusal(shop, { query })).toEqual({ status: 400, code })
    expect(shop.orders.listeners()).toBe(0)
  })

  it('may stand in fragments and under conditions, as long as one field is left', async () => {
    await using shop = await openLiveShop()
    const query = `subscription ($order: Boolean!) { ...Root thingChanged @skip(if: $order) { __typename } }
      fragment Root on Subscription { orderChanged @include(if: $order) { orderId } }`
    const items = await subscribe(shop, { query, variables: { order: true } })
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect(await next(items)).toEqual({ data: { orderChanged: { orderId: 'O-1' } } })
    const others = await subscribe(shop, { query, variables: { order: false } })
    shop.orders.tell({ thingChanged: { __typename: 'Product', sku: 'MUG' } })
    expect(await next(others)).toEqual({ data: { thingChanged: { __typename: 'Product' } } })
  })

  it('is refused where an answer comes in one piece', async () => {
    await using shop = await openLiveShop()
    const { errors } = bodyOf(await shop.gateway.execute({ query: status }))
    expect(errors?.[0]?.extensions.code).toBe('OPERATION_UNSUPPORTED')
  })

  it('may be a query, and is answered at once', async () => {
    await using shop = await openLiveShop()
    const opened = await shop.gateway.subscribe({ query: '{ order(orderId: "O-1") { status } }' })
    invariant(!('items' in opened), 'one answer')
    expect(bodyOf(opened)).toEqual({ data: { order: { status: 'CREATED' } } })
  })

  it('is refused by the authorise hook, which is told that it is a subscription', async () => {
    const kinds: string[] = []
    await using shop = await openLiveShop({
      authorise({ kind }) {
        kinds.push(kind)
        return [{ message: 'Not for you.', extensions: { code: 'FORBIDDEN' } }]
      },
    })
    expect(await refusal(shop, { query: status })).toEqual({ status: 400, code: 'FORBIDDEN' })
    expect(kinds).toEqual(['subscription'])
  })
})

describe('a source that cannot be had', () => {
  it('refuses the subscription with a code: a client that cannot subscribe, and one that does not get through', async () => {
    await using mute = await openLiveShop({ wrap: (_name, { execute }) => ({ execute }) })
    expect(await refusal(mute, { query: status })).toEqual({ status: 400, code: 'OPERATION_UNSUPPORTED' })
    await using gone = await openLiveShop({
      wrap: (_name, client) => ({
        ...client,
        subscribe: () => Promise.reject(new Fault('UPSTREAM_UNAVAILABLE', 'ECONNREFUSED 10.0.0.7')),
      }),
    })
    expect(await refusal(gone, { query: status })).toEqual({ status: 200, code: 'SUBGRAPH_UNAVAILABLE' })
    await using silent = await openLiveShop({
      limits: { deadlineMs: 20 },
      wrap: (_name, client) => ({ ...client, subscribe: () => new Promise(() => {}) }),
    })
    expect(await refusal(silent, { query: status })).toEqual({ status: 200, code: 'SUBGRAPH_TIMEOUT' })
  })
})

describe('another supergraph', () => {
  it('ends what runs on the old one with a code, and leaves it unused', async () => {
    await using shop = await openLiveShop()
    const items = await subscribe(shop, { query: status })
    const { unused } = await shop.gateway.reload(`${shop.supergraph}\n`)
    expect(await next(items)).toMatchObject({ ended: [{ extensions: { code: 'GRAPH_CHANGED' } }] })
    await unused
    const again = await subscribe(shop, { query: status })
    shop.orders.tell({ orderChanged: { orderId: 'O-1' } })
    expect(await next(again)).toEqual({ data: { orderChanged: { orderId: 'O-1', status: 'CREATED' } } })
  })
})

import { describe, expect, it } from '@jest/globals'
import { bodySha256, CONTEXT_HEADER, signContext } from '@stoa/platform/context-token'
import { silentLog } from '@stoa/platform/log'
import type { Principal } from '@stoa/platform/subgraph'
import { listenSubgraph } from '@stoa/platform/subgraph-server'
import type { StockCommand } from './domain/decide.ts'
import { everywhere, line, toItaly } from './domain/goods.fixture.ts'
import { handleStockCommand } from './handle-stock-command.ts'
import { openGraph, type TestGraph } from './test-graph.fixture.ts'

const cleo: Principal = { kind: 'operator', operatorId: 'OP-cleo', scopes: ['stock:read', 'stock:write'] }
const SPREAD = `mutation ($sku: String!, $shards: Int!) { stockSpread(input: { sku: $sku, shards: $shards }) {
  shards userErrors { __typename code message path ... on ShardsHeld { held } } } }`
const AVAILABILITY = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ProductVariant { sku availability {
  availableToPromise status locations { location { locationId } available } } } } }`

async function spread(graph: TestGraph, shards: number, sku: string = 'SKU-1'): Promise<unknown> {
  const { data, errors } = await graph.ask(SPREAD, { variables: { sku, shards }, as: cleo })
  return data?.['stockSpread'] ?? errors
}

async function availability(graph: TestGraph, skus: readonly string[]): Promise<unknown> {
  const of = skus.map((sku) => ({ __typename: 'ProductVariant', sku }))
  return (await graph.ask(AVAILABILITY, { variables: { of } })).data?.['_entities']
}

function hold(graph: TestGraph, orderId: string, quantity: number): Promise<unknown> {
  const of = { delivery: toItaly, locations: everywhere, expiresAt: graph.clock.now() + 1000 }
  const command: StockCommand = { kind: 'reserve', orderId, lines: [line('SKU-1', quantity)], ...of }
  return handleStockCommand(graph.ports, { command, meta: { correlationId: 'test' } })
}

function release(graph: TestGraph, orderId: string): Promise<unknown> {
  const command: StockCommand = { kind: 'release', orderId, reason: 'CUSTOMER' }
  return handleStockCommand(graph.ports, { command, meta: { correlationId: 'test' } })
}

describe('stockSpread', () => {
  it('is asked for over HTTP', async () => {
    await using graph = await openGraph()
    const { clock } = graph
    const secret = 'a secret of the shop, long enough!'
    await using server = await listenSubgraph(graph.subgraph, { port: 0, secret, log: silentLog, clock })
    const body = JSON.stringify({ query: SPREAD, variables: { sku: 'SKU-1', shards: 16 } })
    const context = { principal: cleo, market: 'IT', language: 'it', correlationId: 'c' }
    const token = await signContext(
      { ...context, deadline: clock.now() + 5000 },
      { secret, audience: 'inventory', bodySha256: bodySha256(body), clock },
    )
    const headers = { [CONTEXT_HEADER]: token }
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', body, headers })
    expect(await response.json()).toEqual({ data: { stockSpread: { shards: 16, userErrors: [] } } })
  })

  it('changes nothing that a shopper sees', async () => {
    await using graph = await openGraph()
    const before = await availability(graph, ['SKU-1'])
    for (const shards of [16, 3, 3, 1]) {
      expect(await spread(graph, shards)).toEqual({ shards, userErrors: [] })
      expect(await availability(graph, ['SKU-1'])).toEqual(before)
    }
  })

  it('costs one read more where something is spread, and nothing elsewhere', async () => {
    await using graph = await openGraph()
    await spread(graph, 16)
    graph.reads.length = 0
    await availability(graph, ['SKU-2', 'SKU-3'])
    expect(graph.reads.filter((read) => read === 'getMany')).toHaveLength(1)
    graph.reads.length = 0
    await availability(graph, graph.skus)
    expect(graph.reads.filter((read) => read === 'getMany')).toHaveLength(2)
  })

  it('is seen in the ledger, shard by shard, and sums to zero on the way', async () => {
    await using graph = await openGraph()
    await spread(graph, 2)
    await hold(graph, 'O-ada', 5)
    const query = '{ stockLedger(sku: "SKU-1") { nodes { from to quantity movement shard } } }'
    const { data } = await graph.ask(query, { as: cleo })
    expect(data?.['stockLedger']).toEqual({
      nodes: [
        { from: 'SUPPLIER', to: 'AVAILABLE', quantity: 5, movement: 'OPENED', shard: null },
        { from: 'SUPPLIER', to: 'AVAILABLE', quantity: 3, movement: 'OPENED', shard: null },
        { from: 'AVAILABLE', to: 'TRANSFER', quantity: 2, movement: 'SPREAD', shard: 0 },
        { from: 'AVAILABLE', to: 'TRANSFER', quantity: 1, movement: 'SPREAD', shard: 0 },
        expect.objectContaining({ movement: 'RESERVED', shard: 0 }),
        { from: 'TRANSFER', to: 'AVAILABLE', quantity: 2, movement: 'SPREAD', shard: 1 },
        { from: 'TRANSFER', to: 'AVAILABLE', quantity: 1, movement: 'SPREAD', shard: 1 },
        expect.objectContaining({ movement: 'RESERVED', shard: 1 }),
      ],
    })
  })

  it('is taken back only when orders hold nothing in the shards that end', async () => {
    await using graph = await openGraph()
    await spread(graph, 4)
    await hold(graph, 'O-ada', 5)
    expect(await spread(graph, 1)).toEqual({
      shards: null,
      userErrors: [
        {
          __typename: 'ShardsHeld',
          code: 'SHARDS_HELD',
          path: ['shards'],
          held: 3,
          message:
            'Expected no order to hold SKU-1 in shards above 0, which would end, but 3 are held there. Wait until these orders have shipped or ended, and try again.',
        },
      ],
    })
    await release(graph, 'O-ada')
    expect(await spread(graph, 1)).toEqual({ shards: 1, userErrors: [] })
    expect(await availability(graph, ['SKU-1'])).toMatchObject([{ availability: { availableToPromise: 7 } }])
  })

  it('leaves corrections what they are: of the whole shelf', async () => {
    await using graph = await openGraph()
    await spread(graph, 4)
    await hold(graph, 'O-ada', 4)
    const adjust = (onHand: number, compareOnHand: number) => {
      const input = `{ sku: "SKU-1", locationId: "DC-MILAN", onHand: ${onHand}, compareOnHand: ${compareOnHand}, reason: "lost" }`
      const query = `mutation { stockAdjust(input: ${input}) { level { onHand available reserved }
        userErrors { code ... on StockChanged { onHand } ... on BelowReserved { reserved } } } }`
      return graph.ask(query, { as: cleo }).then(({ data }) => data?.['stockAdjust'])
    }
    expect(await adjust(9, 4)).toEqual({ level: null, userErrors: [{ code: 'STOCK_CHANGED', onHand: 5 }] })
    expect(await adjust(3, 5)).toEqual({ level: null, userErrors: [{ code: 'BELOW_RESERVED', reserved: 4 }] })
    const level = { onHand: 12, available: 8, reserved: 4 }
    expect(await adjust(12, 5)).toEqual({ level, userErrors: [] })
    expect(await availability(graph, ['SKU-1'])).toMatchObject([{ availability: { availableToPromise: 10 } }])
  })

  it('answers a repeated key the same', async () => {
    await using graph = await openGraph()
    const of = { variables: { sku: 'SKU-1', shards: 4 }, as: cleo, key: 'k-1' }
    const first = await graph.ask(SPREAD, of)
    expect(await graph.ask(SPREAD, of)).toEqual(first)
    const other = await graph.ask(SPREAD, { ...of, variables: { sku: 'SKU-1', shards: 5 } })
    expect(other.data?.['stockSpread']).toMatchObject({ userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] })
  })

  it('says what is wrong with its input', async () => {
    await using graph = await openGraph()
    for (const shards of [0, 17, -1])
      expect(await spread(graph, shards)).toMatchObject({
        shards: null,
        userErrors: [{ code: 'BAD_SHARDS', path: ['shards'] }],
      })
    expect(await spread(graph, 1.5)).toMatchObject([{ message: expect.stringContaining('Int') }])
    expect(await spread(graph, 2, 'NEVER')).toMatchObject({
      userErrors: [{ code: 'UNKNOWN_SKU', path: ['sku'] }],
    })
    expect(await spread(graph, 2, 'SKU-1~1')).toMatchObject({ userErrors: [{ code: 'BAD_ID' }] })
  })

  it('is for operators only', async () => {
    await using graph = await openGraph()
    const variables = { sku: 'SKU-1', shards: 4 }
    const { errors } = await graph.ask(SPREAD, { variables })
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    const reader: Principal = { ...cleo, scopes: ['stock:read'] }
    const refused = await graph.ask(SPREAD, { variables, as: reader })
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('a shard', () => {
  it('is nobody’s SKU', async () => {
    await using graph = await openGraph()
    await spread(graph, 2)
    expect(await availability(graph, ['SKU-1~1'])).toMatchObject([
      { availability: { availableToPromise: 0 } },
    ])
    const count = { locationId: 'DC-MILAN', counted: 9, countedAt: 5, reference: 'count' }
    const command: StockCommand = { kind: 'count', sku: 'SKU-1~1', ...count }
    const counted = handleStockCommand(graph.ports, { command, meta: { correlationId: 'test' } })
    await expect(counted).rejects.toThrow('Expected a SKU')
  })
})

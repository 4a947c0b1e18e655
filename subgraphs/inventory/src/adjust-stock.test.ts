import { describe, expect, it } from '@jest/globals'
import type { Principal } from '@stoa/platform/subgraph'
import { openGraph } from './test-graph.fixture.ts'

const cleo: Principal = { kind: 'operator', operatorId: 'OP-cleo', scopes: ['stock:read', 'stock:write'] }

describe('stockAdjust', () => {
  const mutation = `mutation ($input: StockAdjustInput!) { stockAdjust(input: $input) {
    level { sku onHand available reserved safetyStock location { locationId } }
    userErrors { __typename code path ... on StockChanged { onHand } } } }`
  const input = { sku: 'SKU-1', locationId: 'ST-ROME', onHand: 4, compareOnHand: 3, reason: 'found one' }

  it('sets what is on hand, and the ledger shows it', async () => {
    await using graph = await openGraph()
    expect((await graph.ask(mutation, { variables: { input }, as: cleo })).data?.['stockAdjust']).toEqual({
      level: {
        sku: 'SKU-1',
        onHand: 4,
        available: 4,
        reserved: 0,
        safetyStock: 1,
        location: { locationId: 'ST-ROME' },
      },
      userErrors: [],
    })
    const ledger = `query ($after: String) { stockLedger(sku: "SKU-1", locationId: "ST-ROME", first: 1, after: $after) {
      nodes { from to quantity movement reference location { locationId } } pageInfo { hasNextPage endCursor } } }`
    const first = (await graph.ask(ledger, { as: cleo })).data?.['stockLedger'] as {
      pageInfo: { endCursor: string }
    }
    const location = { locationId: 'ST-ROME' }
    expect(first).toMatchObject({
      nodes: [{ from: 'SUPPLIER', to: 'AVAILABLE', quantity: 3, movement: 'OPENED', location }],
      pageInfo: { hasNextPage: true },
    })
    const second = await graph.ask(ledger, { as: cleo, variables: { after: first.pageInfo.endCursor } })
    expect(second.data?.['stockLedger']).toMatchObject({
      nodes: [
        {
          from: 'ADJUSTMENT',
          to: 'AVAILABLE',
          quantity: 1,
          movement: 'ADJUSTED',
          reference: 'operator:OP-cleo',
        },
      ],
      pageInfo: { hasNextPage: false },
    })
  })

  it('answers a repeated key the same, and refuses what changed meanwhile', async () => {
    await using graph = await openGraph()
    const first = await graph.ask(mutation, { variables: { input }, as: cleo, key: 'k-1' })
    expect(await graph.ask(mutation, { variables: { input }, as: cleo, key: 'k-1' })).toEqual(first)
    const stale = await graph.ask(mutation, { variables: { input }, as: cleo, key: 'k-2' })
    expect(stale.data?.['stockAdjust']).toEqual({
      level: null,
      userErrors: [{ __typename: 'StockChanged', code: 'STOCK_CHANGED', path: ['compareOnHand'], onHand: 4 }],
    })
    const other = await graph.ask(mutation, {
      variables: { input: { ...input, onHand: 9 } },
      as: cleo,
      key: 'k-1',
    })
    expect(other.data?.['stockAdjust']).toMatchObject({ userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] })
  })

  it('names everything that is wrong with the input at once', async () => {
    await using graph = await openGraph()
    const bad = { sku: 'no sku', locationId: 'ATTIC', onHand: -1, compareOnHand: 0, reason: ' ' }
    const { data } = await graph.ask(mutation, { variables: { input: bad }, as: cleo })
    expect(data?.['stockAdjust']).toMatchObject({
      userErrors: [
        { code: 'BAD_ID', path: ['sku'] },
        { code: 'UNKNOWN_LOCATION', path: ['locationId'] },
        { code: 'BAD_QUANTITY', path: ['onHand'] },
        { code: 'BAD_REASON', path: ['reason'] },
      ],
    })
  })

  it('is for operators only, and so is the ledger', async () => {
    await using graph = await openGraph()
    const { errors } = await graph.ask(mutation, { variables: { input } })
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    const ada: Principal = { kind: 'customer', customerId: 'CU-ada', scopes: [] }
    const ledger = await graph.ask('{ stockLedger(sku: "SKU-1") { nodes { quantity } } }', { as: ada })
    expect(ledger.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

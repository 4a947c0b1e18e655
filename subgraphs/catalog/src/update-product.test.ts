import { describe, expect, it } from '@jest/globals'
import { checkEvent } from '@stoa/schema/events'
import { type Asking, bo, type CatalogBench, eventually, openCatalogBench } from './catalog-bench.fixture.ts'

const UPDATE = `mutation ($input: ProductUpdateInput!) { productUpdate(input: $input) {
  product { name description version priceFrom { amountMinor } }
  userErrors { __typename code message path ... on ProductVersionConflict { currentVersion } } } }`

async function update(bench: CatalogBench, input: object, context: Asking['context'] = bo): Promise<unknown> {
  const { data, errors } = await bench.ask(UPDATE, {
    variables: { input: { productId: 'P-ARNO', ...input } },
    context,
  })
  expect(errors).toBeUndefined()
  return data?.['productUpdate']
}

function price(amountMinor: number, more: object = {}): object {
  return {
    prices: [{ sku: 'ARNO-RED-S', market: 'IT', amountMinor: String(amountMinor), currency: 'EUR', ...more }],
  }
}

describe('changing a product', () => {
  it('changes words and prices in one go and tells both', async () => {
    await using bench = await openCatalogBench()
    const payload = await update(bench, { name: 'Arno Hemp Shirt', description: 'Rough.', ...price(4_900) })
    expect(payload).toEqual({
      product: {
        name: 'Arno Hemp Shirt',
        description: 'Rough.',
        version: 2,
        priceFrom: { amountMinor: '4900' },
      },
      userErrors: [],
    })
    const [changed] = await bench.facts('ProductChanged', 1)
    const [priced] = await bench.facts('PriceChanged', 1)
    expect(changed).toMatchObject({
      stream: 'product-P-ARNO',
      version: 1,
      source: 'catalog',
      meta: { correlationId: 'visit-1' },
    })
    expect(priced?.data).toEqual({
      sku: 'ARNO-RED-S',
      productId: 'P-ARNO',
      name: 'Arno Hemp Shirt, Red, S',
      market: 'IT',
      price: { minor: 4_900, currency: 'EUR' },
    })
    for (const event of [changed, priced]) expect(event && checkEvent(event).ok).toBe(true)
  })

  it('is found by its new words soon after', async () => {
    await using bench = await openCatalogBench()
    await update(bench, { name: 'Arno Hemp Shirt', brand: 'Ostra' })
    const data = await eventually(async () => {
      const answer = await bench.ask(
        '{ products(filter: { text: "hemp", brands: ["Ostra"] }) { nodes { productId } totalCount } }',
      )
      return answer.data?.['products'] && JSON.stringify(answer.data).includes('P-ARNO')
        ? answer.data
        : undefined
    })
    expect(data['products']).toEqual({ nodes: [{ productId: 'P-ARNO' }], totalCount: 1 })
  })

  it('tells nothing when nothing changes', async () => {
    await using bench = await openCatalogBench()
    expect(await update(bench, { name: 'Arno Linen Shirt', ...price(5_900) })).toMatchObject({
      product: { version: 1 },
      userErrors: [],
    })
    expect(await bench.store.load('product-P-ARNO')).toEqual([])
  })

  it('happens once for one key, and refuses the key for something else', async () => {
    await using bench = await openCatalogBench()
    const context = { ...bo, idempotencyKey: 'key-1' }
    const all = await Promise.all(Array.from({ length: 10 }, () => update(bench, price(4_900), context)))
    for (const one of all) expect(one).toMatchObject({ product: { version: 2 }, userErrors: [] })
    expect(await bench.store.load('product-P-ARNO')).toHaveLength(1)
    expect(await update(bench, price(3_900), context)).toMatchObject({
      product: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    })
    expect(await update(bench, { ...price(3_900), idempotencyKey: 'key-2' })).toMatchObject({
      product: { version: 3 },
    })
  })

  it('says at which version it is when somebody was first', async () => {
    await using bench = await openCatalogBench()
    await update(bench, { ...price(4_900), expectedVersion: 1 })
    expect(await update(bench, { ...price(3_900), expectedVersion: 1 })).toMatchObject({
      product: null,
      userErrors: [
        {
          __typename: 'ProductVersionConflict',
          code: 'VERSION_CONFLICT',
          currentVersion: 2,
          path: ['expectedVersion'],
        },
      ],
    })
  })

  it('keeps every change of ten people at once', async () => {
    await using bench = await openCatalogBench()
    await Promise.all(Array.from({ length: 10 }, (_, index) => update(bench, price(1_000 + index))))
    expect(await bench.facts('PriceChanged', 10)).toHaveLength(10)
    expect((await bench.store.load('product-P-ARNO')).map(({ version }) => version)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  it.each([
    [price(-1), 'INVALID_PRICE', ['prices', '0', 'amountMinor']],
    [price(4_900, { amountMinor: '9007199254740993' }), 'INVALID_PRICE', ['prices', '0', 'amountMinor']],
    [price(4_900, { currency: 'CHF' }), 'CURRENCY_MISMATCH', ['prices', '0', 'currency']],
    [price(4_900, { market: 'FR' }), 'UNKNOWN_MARKET', ['prices', '0', 'market']],
    [price(4_900, { sku: 'ELBA-RED-M' }), 'UNKNOWN_SKU', ['prices', '0', 'sku']],
    [
      {
        prices: Array.from({ length: 91 }, () => ({
          sku: 'ARNO-RED-S',
          market: 'IT',
          amountMinor: '1',
          currency: 'EUR',
        })),
      },
      'TOO_MANY_PRICES',
      ['prices'],
    ],
    [{ name: ' ' }, 'INVALID_TEXT', ['name']],
    [{ brand: 'x'.repeat(101) }, 'INVALID_TEXT', ['brand']],
    [{ productId: 'P-NONE' }, 'PRODUCT_NOT_FOUND', ['productId']],
  ])('%j is refused and changes nothing', async (input, code, path) => {
    await using bench = await openCatalogBench()
    expect(await update(bench, { description: 'new', ...input })).toMatchObject({
      product: null,
      userErrors: [{ code, path }],
    })
    expect(await bench.store.load('product-P-ARNO')).toEqual([])
  })

  it('is for operators of the catalogue alone', async () => {
    await using bench = await openCatalogBench()
    const ada = { kind: 'customer', customerId: 'CU-ada', scopes: [] } as const
    const variables = { input: { productId: 'P-ARNO', name: 'Mine' } }
    const anonymous = await bench.ask(UPDATE, { variables })
    const customer = await bench.ask(UPDATE, { variables, context: { principal: ada } })
    expect(anonymous.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED')
    expect(customer.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })
})

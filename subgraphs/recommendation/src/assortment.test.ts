import { describe, expect, it } from '@jest/globals'
import type { Envelope } from '@stoa/platform/event'
import { openMemoryBus } from '@stoa/platform/event-bus.memory'
import { importAssortment } from './import.ts'
import { openRecommendation } from './main.ts'
import {
  ada,
  type Bench,
  contextOf,
  created,
  fact,
  openBench,
  parts,
} from './recommendation-bench.fixture.ts'

function product(productId: string, category: string): Envelope {
  const data = { productId, name: productId, category, skus: [`${productId}-M`, `${productId}-L`] }
  return fact('catalog', { type: 'ProductChanged', data })
}

function promise(sku: string, availableToPromise: number, more: { readonly imported?: true } = {}): Envelope {
  return fact('inventory', { type: 'AvailabilityChanged', data: { sku, availableToPromise } }, more)
}

async function ids(bench: Bench, field: string, ...who: readonly (typeof ada)[]): Promise<readonly string[]> {
  const { data, errors } = await bench.ask(`{ found: ${field} { productId } }`, ...who)
  expect(errors).toBeUndefined()
  return readIds(data?.['found'])
}

async function idsOf(bench: Bench, productId: string, field: string): Promise<readonly string[]> {
  const representation = `{ __typename: "Product", productId: "${productId}" }`
  const query = `{ _entities(representations: [${representation}]) { ... on Product { found: ${field} { productId } } } }`
  const { data, errors } = await bench.ask(query, ada)
  expect(errors).toBeUndefined()
  const entities = data?.['_entities']
  return readIds(Array.isArray(entities) ? entities[0]?.found : undefined)
}

function readIds(found: unknown): readonly string[] {
  return Array.isArray(found) ? found.map(({ productId }: { readonly productId: string }) => productId) : []
}

async function openClothes(): Promise<Bench> {
  const bench = await openBench()
  const facts = [
    product('TEE', 'tops'),
    product('POLO', 'tops'),
    product('VEST', 'tops'),
    product('JEANS', 'trousers'),
    created('O-1', ['TEE', 'JEANS'], { customerId: 'CU-ada' }),
    created('O-2', ['POLO', 'JEANS']),
    created('O-3', ['POLO']),
    created('O-4', ['VEST', 'LAMP']),
    created('O-5', ['LAMP']),
    created('O-6', ['LAMP']),
  ]
  // All at one time, so that none weighs more.
  const at = Date.now()
  await bench.order(...facts.map((event) => ({ ...event, at })))
  return bench
}

describe('the assortment', () => {
  it('gives products that are like another, and best sellers of a category', async () => {
    await using bench = await openClothes()
    expect(await idsOf(bench, 'TEE', 'similar')).toEqual(['POLO', 'VEST'])
    expect(await idsOf(bench, 'LAMP', 'similar')).toEqual([])
    expect(await ids(bench, 'bestSellers(category: "tops")')).toEqual(['POLO', 'TEE', 'VEST'])
    expect(await ids(bench, 'bestSellers(first: 2)')).toEqual(['LAMP', 'JEANS'])
    expect(await ids(bench, 'bestSellers(category: "garden")')).toEqual([])
  })

  it('warms a product that nobody bought: best sellers of its category, then of the shop', async () => {
    await using bench = await openClothes()
    await bench.order(product('KNIT', 'tops'))
    expect(await idsOf(bench, 'KNIT', 'alsoBought(first: 4)')).toEqual(['POLO', 'TEE', 'VEST', 'LAMP'])
  })

  it('knows what was imported before it opened', async () => {
    await using bench = await openClothes()
    await importAssortment(bench.store, [{ productId: 'LAMP', category: 'tops', skus: ['LAMP-1'] }])
    await using bus = openMemoryBus(parts)
    await using again = await openRecommendation({ ...parts, store: bench.store, bus })
    const query = '{ bestSellers(category: "tops", first: 1) { productId } }'
    expect((await again.execute({ query, context: contextOf(ada) })).data).toEqual({
      bestSellers: [{ productId: 'LAMP' }],
    })
  })
})

describe('what is out of stock', () => {
  it('is a product none of whose variants can be promised, until one can', async () => {
    await using bench = await openClothes()
    await bench.order(promise('POLO-M', 0))
    expect(await idsOf(bench, 'TEE', 'similar')).toEqual(['POLO', 'VEST'])
    await bench.order(promise('POLO-L', 0))
    expect(await idsOf(bench, 'TEE', 'similar')).toEqual(['VEST'])
    expect(await idsOf(bench, 'TEE', 'similar(exclude: [])')).toEqual(['POLO', 'VEST'])
    await bench.order(promise('POLO-M', 3))
    expect(await idsOf(bench, 'TEE', 'similar')).toEqual(['POLO', 'VEST'])
  })

  it('is left out where that is asked for', async () => {
    await using bench = await openClothes()
    await bench.order(promise('POLO-M', 0), promise('POLO-L', -1))
    expect(await ids(bench, 'recommendedForMe', ada)).toEqual(['LAMP', 'POLO', 'VEST'])
    expect(await ids(bench, 'recommendedForMe(exclude: [BOUGHT, OUT_OF_STOCK])', ada)).toEqual([
      'LAMP',
      'VEST',
    ])
    expect(await idsOf(bench, 'JEANS', 'alsoBought')).toEqual(['POLO', 'TEE'])
    expect(await idsOf(bench, 'JEANS', 'alsoBought(exclude: [OUT_OF_STOCK])')).toEqual(['TEE'])
    expect(await idsOf(bench, 'JEANS', 'alsoBought(exclude: [OUT_OF_STOCK, BOUGHT])')).toEqual([])
  })

  it('is remembered, and begins with what the imported ledger says is not there', async () => {
    await using bench = await openClothes()
    await bench.order(
      promise('POLO-M', 0, { imported: true }),
      promise('POLO-L', 0, { imported: true }),
      promise('VEST-M', 7, { imported: true }),
    )
    await using bus = openMemoryBus(parts)
    await using again = await openRecommendation({ ...parts, store: bench.store, bus })
    const query = '{ bestSellers(category: "tops") { productId } }'
    expect((await again.execute({ query, context: contextOf(ada) })).data).toEqual({
      bestSellers: [{ productId: 'TEE' }, { productId: 'VEST' }],
    })
  })
})

describe('what a customer looked at', () => {
  const look = (productId: string): string =>
    `mutation { productView(input: { productId: "${productId}" }) { userErrors { code path } } }`

  it('is remembered for them alone, the latest first', async () => {
    await using bench = await openClothes()
    for (const productId of ['VEST', 'POLO', 'VEST']) {
      const { data } = await bench.ask(look(productId), ada)
      expect(data).toEqual({ productView: { userErrors: [] } })
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(await ids(bench, 'recentlyViewed', ada)).toEqual(['VEST', 'POLO'])
    expect(await ids(bench, 'recentlyViewed(first: 1)', ada)).toEqual(['VEST'])
    expect(await ids(bench, 'recentlyViewed')).toEqual([])
  })

  it('counts for what is recommended', async () => {
    await using bench = await openClothes()
    const bo = { ...ada, customerId: 'CU-bo' }
    expect(await ids(bench, 'recommendedForMe(first: 3)', bo)).toEqual(['LAMP', 'JEANS', 'POLO'])
    await bench.ask(look('POLO'), bo)
    expect(await ids(bench, 'recommendedForMe(first: 3)', bo)).toEqual(['LAMP', 'POLO', 'JEANS'])
  })

  it('is refused for a product nobody knows, and for nobody', async () => {
    await using bench = await openClothes()
    expect((await bench.ask(look('NEVER'), ada)).data).toEqual({
      productView: { userErrors: [{ code: 'PRODUCT_NOT_FOUND', path: ['input', 'productId'] }] },
    })
    expect((await bench.ask(look('TEE'))).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

import { describe, expect, it } from '@jest/globals'
import { type CatalogBench, openCatalogBench } from './catalog-bench.fixture.ts'

const LIST = `query ($first: Int, $after: String, $filter: ProductFilter, $sort: ProductSort) {
  products(first: $first, after: $after, filter: $filter, sort: $sort) {
    totalCount nodes { productId } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    facets { name label values { value label count selected } }
  } }`

interface Page {
  readonly totalCount: number
  readonly nodes: readonly { readonly productId: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly facets: readonly {
    readonly name: string
    readonly values: readonly { readonly value: string }[]
  }[]
}

async function list(bench: CatalogBench, variables: Readonly<Record<string, unknown>>): Promise<Page> {
  const { data, errors } = await bench.ask(LIST, { variables })
  expect(errors).toBeUndefined()
  // The shape LIST selects.
  return data?.['products'] as Page
}

async function refusal(bench: CatalogBench, variables: Readonly<Record<string, unknown>>): Promise<string> {
  const { errors } = await bench.ask(LIST, { variables })
  expect(errors).toHaveLength(1)
  return `${errors?.[0]?.extensions?.['code']}: ${errors?.[0]?.message}`
}

describe('listing products', () => {
  it('filters by words, category, brand, facets and price at once', async () => {
    await using bench = await openCatalogBench()
    const filter = {
      text: 'shirt',
      category: 'clothing',
      brands: ['Corvina', 'Kestrel'],
      facets: [{ name: 'colour', values: ['red', 'white'] }],
      price: { min: '6000', max: '9000', currency: 'EUR' },
    }
    const page = await list(bench, { filter })
    expect(page.nodes).toEqual([{ productId: 'P-ELBA' }])
    expect(page.totalCount).toBe(1)
  })

  it('says what is selected, and counts the rest of the same facet as if it were not', async () => {
    await using bench = await openCatalogBench()
    const { facets } = await list(bench, { filter: { brands: ['Kestrel'] } })
    expect(facets.find(({ name }) => name === 'brand')).toEqual({
      name: 'brand',
      label: 'Brand',
      values: [
        { value: 'Corvina', label: 'Corvina', count: 2, selected: false },
        { value: 'Kestrel', label: 'Kestrel', count: 1, selected: true },
      ],
    })
  })

  it.each(['NAME', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST', 'RELEVANCE'])(
    'pages through %s without losing or repeating any',
    async (sort) => {
      await using bench = await openCatalogBench()
      const filter = sort === 'RELEVANCE' ? { text: 'shirt' } : {}
      const whole = await list(bench, { sort, filter })
      const seen: string[] = []
      for (let after: string | null = null, more = true; more; ) {
        const page: Page = await list(bench, { sort, filter, after, first: 1 })
        seen.push(...page.nodes.map(({ productId }) => productId))
        after = page.pageInfo.endCursor
        more = page.pageInfo.hasNextPage
      }
      expect(seen).toEqual(whole.nodes.map(({ productId }) => productId))
      expect(new Set(seen).size).toBe(3)
    },
  )

  it('takes an empty text as none, and the values of a facet named twice together', async () => {
    await using bench = await openCatalogBench()
    expect((await list(bench, { filter: { text: '   ' } })).totalCount).toBe(3)
    const facets = [
      { name: 'colour', values: ['white'] },
      { name: 'colour', values: ['navy'] },
      { name: 'size', values: [] },
    ]
    expect((await list(bench, { filter: { facets } })).totalCount).toBe(3)
  })
})

describe('what no list can be asked for', () => {
  it.each([
    [{ first: 0 }, 'Expected "first" to be 1 to 100, got 0.'],
    [{ first: 101 }, 'got 101'],
    [{ first: -1 }, 'got -1'],
    [{ after: 'garbage' }, 'Expected "after" to be an "endCursor"'],
    [{ after: Buffer.from('["NAME","a","P-1"]').toString('base64url') }, 'with the same sort'],
    [{ after: Buffer.from('["NEWEST","a","P-1"]').toString('base64url') }, 'with the same sort'],
    [{ after: Buffer.from('["NEWEST",1]').toString('base64url') }, 'with the same sort'],
    [{ filter: { category: 'hats' } }, 'There is no category "hats".'],
    [
      { filter: { facets: [{ name: 'smell', values: ['rose'] }] } },
      'There is no facet "smell". Known are: brand, category, colour',
    ],
    [
      { filter: { facets: Array.from({ length: 11 }, () => ({ name: 'size', values: ['M'] })) } },
      'at most 10 facets',
    ],
    [{ filter: { brands: Array.from({ length: 51 }, () => 'Corvina') } }, 'at most 50 brands'],
    [{ filter: { text: 'x'.repeat(201) } }, 'at most 200 characters, got 201'],
    [{ filter: { price: { min: '500', max: '100' } } }, 'Expected price.min up to price.max'],
    [{ filter: { price: { min: '-1' } } }, '0 or more, got -1'],
    [{ filter: { price: { max: '99999999999999999999' } } }, '0 or more'],
    [{ filter: { price: { max: '100', currency: 'GBP' } } }, 'Prices in the market IT are in EUR, got GBP.'],
  ])('%j is refused', async (variables, message) => {
    await using bench = await openCatalogBench()
    const said = await refusal(bench, variables)
    expect(said).toContain('BAD_REQUEST: ')
    expect(said).toContain(message)
  })

  it.each([
    ['an unknown sort', 'query { products(sort: CHEAPEST) { nodes { id } } }', 'CHEAPEST'],
    [
      'a product by two keys',
      '{ product(productId: "P-ARNO", handle: "x") { id } }',
      'exactly one of id, productId and handle, got 2',
    ],
    ['a product by no key', '{ product { id } }', 'got 0'],
    ['an id of somebody else', '{ product(id: "gid://orders/Order/O-1") { id } }', 'gid://catalog/Product/'],
    ['too many suggestions', '{ searchSuggestions(text: "a", first: 101) { text } }', 'got 101'],
    [
      'a variant page that never was',
      '{ product(productId: "P-ARNO") { variants(after: "WyJYIl0") { nodes { sku } } } }',
      'endCursor',
    ],
    ['an unknown market', '{ products { nodes { id } } }', 'There is no market "XX"'],
  ])('%s is refused', async (_, query, message) => {
    await using bench = await openCatalogBench()
    const { errors } = await bench.ask(query, { context: message.includes('XX') ? { market: 'XX' } : {} })
    expect(errors?.[0]?.message).toContain(message)
    expect(errors?.[0]?.extensions?.['code']).toMatch(/^(BAD_REQUEST|GRAPHQL_VALIDATION_FAILED)$/)
  })
})

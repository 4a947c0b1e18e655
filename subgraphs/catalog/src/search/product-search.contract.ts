import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createCategoryTree } from '../domain/category-tree.ts'
import type { Category } from '../domain/product.ts'
import { toProduct } from '../import.ts'
import { smallShop } from '../small-shop.fixture.ts'
import type { ProductSearch, SearchDocument, SearchFilter, SearchHit, SearchSort } from './product-search.ts'
import { searchDocument } from './search-document.ts'
import { modelContract } from './search-model.contract.ts'

const tree = createCategoryTree(
  smallShop.categories.map((category, position): Category => ({ ...category, position })),
)
const documents: readonly SearchDocument[] = smallShop.products.map((product) =>
  searchDocument(toProduct(product), tree),
)
const inItaly: SearchFilter = { market: 'IT', facets: [] }

/** What every engine of the index must satisfy. */
export function productSearchContract(name: string, open: () => ProductSearch): void {
  describe(`${name} keeps the search contract`, () => {
    wordsContract(open)
    facetsContract(open)
    pagesContract(open)
    suggestionsContract(open)
    modelContract(open)
  })
}

async function shop(open: () => ProductSearch): Promise<ProductSearch> {
  const search = open()
  await search.rebuild(documents)
  return search
}

async function found(
  search: ProductSearch,
  filter: SearchFilter,
  sort: SearchSort = 'NAME',
): Promise<string[]> {
  const hits = await search.find(filter, { sort, market: filter.market, limit: 100 })
  return hits.map((hit) => hit.productId)
}

function wordsContract(open: () => ProductSearch): void {
  it('finds the beginnings of words, in any order and case', async () => {
    await using search = await shop(open)
    expect(await found(search, { ...inItaly, text: 'SHIR lin' }, 'RELEVANCE')).toEqual(['P-ARNO', 'P-FELL'])
  })

  it('ranks a word in the name over one in the description', async () => {
    await using search = await shop(open)
    expect(await found(search, { ...inItaly, text: 'linen' }, 'RELEVANCE')).toEqual(['P-ARNO', 'P-FELL'])
  })

  it('finds brands, categories, attribute values, free texts and SKUs', async () => {
    await using search = await shop(open)
    for (const text of ['pietra', 'home', 'switzerland', 'walnut', 'JURA-1'])
      expect([text, await found(search, { market: 'DE', facets: [], text })]).toEqual([text, ['P-JURA']])
  })

  it.each(['kasebrett', 'Käsebrett', 'KÄSEBRETT', 'Ka\u0308sebrett'])(
    'does not mind accents: %s',
    async (text) => {
      await using search = await shop(open)
      expect(await found(search, { market: 'DE', facets: [], text })).toEqual(['P-JURA'])
    },
  )

  it('reads nothing that is typed as syntax', async () => {
    await using search = await shop(open)
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^["*^():{}+\-\sANDORNEAR0-9]{0,30}$/),
    )
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        await search.find({ ...inItaly, text }, { sort: 'RELEVANCE', market: 'IT', limit: 3 })
        await search.suggest(text, 3)
      }),
    )
  })

  it('finds nothing for a text without a word', async () => {
    await using search = await shop(open)
    expect(await found(search, { ...inItaly, text: '!? "*"' })).toEqual([])
  })

  it('knows only the new words of a product that was put again', async () => {
    await using search = await shop(open)
    const [arno] = documents
    if (arno) await search.put({ ...arno, name: 'Arno Hemp Shirt' })
    expect(await found(search, { ...inItaly, text: 'hemp' })).toEqual(['P-ARNO'])
    expect(await found(search, { ...inItaly, text: 'arno linen' })).toEqual([])
    expect(await search.count(inItaly, 10)).toBe(3)
  })
}

function facetsContract(open: () => ProductSearch): void {
  const red = { name: 'colour', values: ['red'] }
  const medium = { name: 'size', values: ['M'] }

  it('wants one and the same variant to fulfil everything', async () => {
    await using search = await shop(open)
    expect(await found(search, { ...inItaly, facets: [red, medium] })).toEqual(['P-ELBA'])
    expect(await found(search, { ...inItaly, facets: [medium], max: 8_000 })).toEqual(['P-ARNO'])
  })

  it('takes in the categories below', async () => {
    await using search = await shop(open)
    const facets = [{ name: 'category', values: ['clothing'] }]
    expect(await found(search, { ...inItaly, facets })).toEqual(['P-ARNO', 'P-ELBA', 'P-FELL'])
  })

  it('shows only what is sold in the market', async () => {
    await using search = await shop(open)
    expect(await search.count(inItaly, 10)).toBe(3)
    expect(await search.count({ market: 'DE', facets: [] }, 10)).toBe(4)
    expect(await search.count({ market: 'CH', facets: [] }, 10)).toBe(0)
  })

  it('counts products, and a selection narrows all facets but its own', async () => {
    await using search = await shop(open)
    const facets = await search.facets({ ...inItaly, facets: [red] })
    const counts = Object.fromEntries(
      facets.map(({ name, values }) => [name, values.map(({ value, count }) => [value, count])]),
    )
    expect(counts['colour']).toEqual([
      ['navy', 2],
      ['red', 2],
      ['white', 1],
    ])
    expect(counts['size']).toEqual([
      ['M', 1],
      ['S', 1],
    ])
    expect(counts['brand']).toEqual([
      ['Corvina', 1],
      ['Kestrel', 1],
    ])
  })

  it('names its facets, and finds nothing for a value nobody has', async () => {
    await using search = await shop(open)
    expect([...(await search.facetNames())].sort()).toEqual([
      'brand',
      'category',
      'colour',
      'dishwasher',
      'origin',
      'size',
    ])
    expect(await found(search, { ...inItaly, facets: [{ name: 'colour', values: ['plaid'] }] })).toEqual([])
  })
}

function pagesContract(open: () => ProductSearch): void {
  it.each([
    ['NAME', ['P-ARNO', 'P-ELBA', 'P-FELL']],
    ['PRICE_ASC', ['P-ARNO', 'P-ELBA', 'P-FELL']],
    ['PRICE_DESC', ['P-FELL', 'P-ELBA', 'P-ARNO']],
    ['NEWEST', ['P-FELL', 'P-ELBA', 'P-ARNO']],
  ] as const)('sorts by %s, and pages of one say the same', async (sort, expected) => {
    await using search = await shop(open)
    expect(await found(search, inItaly, sort)).toEqual(expected)
    const paged: string[] = []
    let after: SearchHit | undefined
    do {
      const [hit] = await search.find(inItaly, { sort, market: 'IT', limit: 1, ...(after && { after }) })
      if (hit) paged.push(hit.productId)
      after = hit
    } while (after)
    expect(paged).toEqual(expected)
  })

  it('stops counting at the cap', async () => {
    await using search = await shop(open)
    expect(await search.count(inItaly, 2)).toBe(2)
  })
}

function suggestionsContract(open: () => ProductSearch): void {
  it('suggests categories, then brands, then products', async () => {
    await using search = await shop(open)
    const [first, ...others] = await search.suggest('sh', 5)
    expect(first).toEqual({ kind: 'CATEGORY', text: 'Shirts', ref: 'shirts' })
    expect(others.map(({ kind, ref }) => `${kind} ${ref}`).sort()).toEqual([
      'PRODUCT P-ARNO',
      'PRODUCT P-ELBA',
    ])
    expect(await search.suggest('corv', 5)).toEqual([{ kind: 'BRAND', text: 'Corvina', ref: 'Corvina' }])
    expect(await search.suggest('sh', 1)).toHaveLength(1)
  })

  it.each(['oxfrod shirt', 'oxfordd', 'oxfor shrit', 'jumpre'])('forgives a slip: %s', async (text) => {
    await using search = await shop(open)
    expect(await search.suggest(text, 1)).toMatchObject([{ kind: 'PRODUCT' }])
  })

  it('suggests nothing for nothing, and nothing for gibberish', async () => {
    await using search = await shop(open)
    expect(await search.suggest('  ', 5)).toEqual([])
    expect(await search.suggest('xqzzkwv', 5)).toEqual([])
  })
}

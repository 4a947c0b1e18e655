import { expect, it } from '@jest/globals'
import type { ProductSearch, SearchHit } from './product-search.ts'
import { found, inItaly, shop } from './search-bench.contract.ts'

/** Facets narrow and count. */
export function facetsContract(open: () => ProductSearch): void {
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

/** Lists are sorted and come in pages. */
export function pagesContract(open: () => ProductSearch): void {
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

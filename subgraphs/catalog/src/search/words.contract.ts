import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ProductSearch } from './product-search.ts'
import { documents, found, inItaly, shop } from './search-bench.contract.ts'

/** Words find what they should, and nothing typed can do harm. */
export function wordsContract(open: () => ProductSearch): void {
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

/** A search box is helped while somebody types. */
export function suggestionsContract(open: () => ProductSearch): void {
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

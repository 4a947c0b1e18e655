import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ProductSearch, SearchDocument, SearchFilter, SearchVariant } from './product-search.ts'

/** Against random assortments the index says what counting by hand says. */
export function modelContract(open: () => ProductSearch): void {
  it('filters and counts like somebody who looks at every variant', async () => {
    await fc.assert(
      fc.asyncProperty(assortment, filter, async (documents, asked) => {
        await using search = open()
        // Every product is put twice: what was known of it before must not count.
        await search.rebuild(documents.map((document) => ({ ...document, brand: 'old', variants: [] })))
        for (const document of documents) await search.put(document)
        const hits = await search.find(asked, { sort: 'NAME', market: asked.market, limit: 100 })
        const expected = documents
          .filter((document) => matches(document, asked))
          .map((document) => document.productId)
        expect(hits.map((hit) => hit.productId).sort()).toEqual(expected.sort())
        expect(await search.count(asked, 1000)).toBe(expected.length)
        expect(toCounts(await search.facets(asked))).toEqual(countByHand(documents, asked))
      }),
      { numRuns: 60 },
    )
  })
}

const colour = fc.constantFrom('red', 'navy', 'white')
const size = fc.constantFrom('S', 'M')
const variant = fc.record({ colour, size, it: fc.option(fc.integer({ min: 1, max: 9 })) }).map(
  ({ colour, size, it }): SearchVariant => ({
    sku: `${colour}-${size}`,
    facets: [
      { name: 'colour', label: 'Colour', value: colour, valueLabel: colour },
      { name: 'size', label: 'Size', value: size, valueLabel: size },
    ],
    prices: [{ market: 'DE', minor: 5 }, ...(it === null ? [] : [{ market: 'IT', minor: it }])],
  }),
)

const assortment = fc
  .array(
    fc.record({
      brand: fc.constantFrom('Corvina', 'Kestrel'),
      variants: fc.array(variant, { maxLength: 4 }),
    }),
    { maxLength: 8 },
  )
  .map((products) =>
    products.map(
      ({ brand, variants }, index): SearchDocument => ({
        ...{
          productId: `P-${index}`,
          name: `Product ${index}`,
          description: '',
          createdAt: index,
          brand,
          variants,
        },
        categories: [{ value: 'shirts', valueLabel: 'Shirts' }],
      }),
    ),
  )

const filter: fc.Arbitrary<SearchFilter> = fc
  .record({
    colours: fc.uniqueArray(colour, { maxLength: 2 }),
    sizes: fc.uniqueArray(size, { maxLength: 1 }),
    brands: fc.uniqueArray(fc.constantFrom('Corvina', 'Kestrel'), { maxLength: 1 }),
    max: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ colours, sizes, brands, max }) => ({
    market: 'IT',
    max,
    facets: [
      { name: 'colour', values: colours },
      { name: 'size', values: sizes },
      { name: 'brand', values: brands },
    ].filter(({ values }) => values.length > 0),
  }))

function matches(document: SearchDocument, asked: SearchFilter): boolean {
  return document.variants.some((variant) => fulfils(document, variant, asked))
}

function fulfils(
  document: SearchDocument,
  variant: SearchVariant,
  { market, max = 0, facets }: SearchFilter,
): boolean {
  const price = variant.prices.find((candidate) => candidate.market === market)
  if (!price || price.minor > max) return false
  return facets.every(({ name, values }) =>
    valuesOf(document, variant, name).some((value) => values.includes(value)),
  )
}

function valuesOf(document: SearchDocument, variant: SearchVariant, name: string): readonly string[] {
  if (name === 'brand') return [document.brand]
  if (name === 'category') return document.categories.map(({ value }) => value)
  return variant.facets.filter((facet) => facet.name === name).map(({ value }) => value)
}

type Counts = Readonly<Record<string, number>>

function countByHand(documents: readonly SearchDocument[], asked: SearchFilter): Counts {
  const counts: Record<string, number> = {}
  for (const name of ['brand', 'category', 'colour', 'size']) {
    const others = { ...asked, facets: asked.facets.filter((facet) => facet.name !== name) }
    for (const document of documents) {
      const fitting = document.variants.filter((variant) => fulfils(document, variant, others))
      const values = new Set(fitting.flatMap((variant) => valuesOf(document, variant, name)))
      for (const value of values) counts[`${name}=${value}`] = (counts[`${name}=${value}`] ?? 0) + 1
    }
  }
  return counts
}

function toCounts(facets: Awaited<ReturnType<ProductSearch['facets']>>): Counts {
  return Object.fromEntries(
    facets.flatMap(({ name, values }) => values.map(({ value, count }) => [`${name}=${value}`, count])),
  )
}

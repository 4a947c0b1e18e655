import { createFacetIndex, type FacetIndex, type ProductEntry } from './facet-index.ts'
import { countValues, matchesProduct, prepareFilter } from './facet-match.ts'
import { firstHits } from './first-hits.ts'
import { groupByFacet } from './group-by-facet.ts'
import { searchWords } from './match-text.ts'
import type { ProductSearch, SearchDocument, SearchFilter } from './product-search.ts'
import { suggest } from './suggest.ts'
import { openSqliteWordIndex, type WordIndex } from './word-index.sqlite.ts'

/** Words in SQLite FTS5, facets and prices beside them; all in memory, built from the rows when the subgraph opens. */
export function openSqliteProductSearch(): ProductSearch {
  const words = openSqliteWordIndex()
  const facets = createFacetIndex()
  let lastRow = 0

  function put(document: SearchDocument): void {
    const old = facets.rowOf(document.productId)
    if (old !== undefined) {
      words.remove(old)
      facets.remove(old)
    }
    lastRow += 1
    words.put(lastRow, { ...document, keywords: keywordsOf(document) })
    facets.put(lastRow, document)
  }

  return {
    async rebuild(documents) {
      words.clear()
      facets.clear()
      words.batch(() => documents.forEach(put))
    },
    put: async (document) => words.batch(() => put(document)),
    async find(filter, page) {
      const scores = scoresOf(words, filter)
      return firstHits(matching(facets, filter, scores), page, scores ?? new Map())
    },
    count: async (filter, cap) => countUpTo(matching(facets, filter, scoresOf(words, filter)), cap),
    async facets(filter) {
      const products = candidates(facets, scoresOf(words, filter))
      return groupByFacet(facets, countValues(facets, products, prepareFilter(facets, filter)))
    },
    facetNames: async () => facets.names,
    suggest: async (text, first) => suggest({ words, facets }, searchWords(text), first),
    [Symbol.asyncDispose]: async () => words[Symbol.dispose](),
  }
}

function scoresOf(words: WordIndex, { text }: SearchFilter): ReadonlyMap<number, number> | undefined {
  return text === undefined ? undefined : words.match(text)
}

type Scores = ReadonlyMap<number, number> | undefined

function* matching(facets: FacetIndex, filter: SearchFilter, scores: Scores): Iterable<ProductEntry> {
  const prepared = prepareFilter(facets, filter)
  for (const product of candidates(facets, scores)) if (matchesProduct(product, prepared)) yield product
}

function* candidates(facets: FacetIndex, scores: Scores): Iterable<ProductEntry> {
  if (scores === undefined) return yield* facets.products.values()
  for (const row of scores.keys()) {
    const product = facets.products.get(row)
    if (product) yield product
  }
}

function countUpTo(products: Iterable<ProductEntry>, cap: number): number {
  let count = 0
  for (const _ of products) {
    count += 1
    if (count >= cap) break
  }
  return count
}

function keywordsOf({ categories, variants }: SearchDocument): string {
  const words = new Set(categories.map((category) => category.valueLabel))
  for (const { sku, facets } of variants) {
    words.add(sku)
    for (const facet of facets) words.add(facet.valueLabel)
  }
  return [...words].join(' ')
}

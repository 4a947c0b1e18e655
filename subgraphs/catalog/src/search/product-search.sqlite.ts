import { createFacetIndex, type FacetIndex, type FacetValueEntry, type ProductEntry } from './facet-index.ts'
import { countValues, matchesProduct, prepareFilter } from './facet-match.ts'
import { firstHits } from './first-hits.ts'
import { searchWords } from './match-text.ts'
import {
  type FacetCounts,
  MAX_FACET_VALUES,
  type ProductSearch,
  type SearchDocument,
  type SearchFilter,
  type Suggestion,
} from './product-search.ts'
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

  function* matching(
    filter: SearchFilter,
    scores: ReadonlyMap<number, number> | undefined,
  ): Iterable<ProductEntry> {
    const prepared = prepareFilter(facets, filter)
    for (const product of candidates(facets, scores)) if (matchesProduct(product, prepared)) yield product
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
      return firstHits(matching(filter, scores), page, scores ?? new Map())
    },
    count: async (filter, cap) => countUpTo(matching(filter, scoresOf(words, filter)), cap),
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

function* candidates(
  facets: FacetIndex,
  scores: ReadonlyMap<number, number> | undefined,
): Iterable<ProductEntry> {
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

function groupByFacet(facets: FacetIndex, counts: readonly number[]): readonly FacetCounts[] {
  const groups = Map.groupBy(
    facets.values.filter((value) => (counts[value.id] ?? 0) > 0),
    (value) => value.name,
  )
  const ordered = [...groups].map(([name, values]) => {
    const counted = values.map((value) => ({
      value: value.value,
      valueLabel: value.valueLabel,
      count: counts[value.id] ?? 0,
    }))
    counted.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    const total = counted.reduce((sum, value) => sum + value.count, 0)
    return {
      total,
      facet: { name, label: values[0]?.label ?? name, values: counted.slice(0, MAX_FACET_VALUES) },
    }
  })
  return ordered
    .sort((a, b) => b.total - a.total || (a.facet.name < b.facet.name ? -1 : 1))
    .map(({ facet }) => facet)
}

interface Indexes {
  readonly words: WordIndex
  readonly facets: FacetIndex
}

function suggest(indexes: Indexes, words: readonly string[], first: number): readonly Suggestion[] {
  const found = lookUp(indexes, words, first)
  if (found.length > 0) return found
  const corrected = words.map((word) => indexes.words.correct(word))
  return corrected.some((word, i) => word !== words[i]) ? lookUp(indexes, corrected, first) : []
}

function lookUp({ words, facets }: Indexes, typed: readonly string[], first: number): readonly Suggestion[] {
  if (typed.length === 0) return []
  const labels = (['category', 'brand'] as const).flatMap((name) =>
    facets.values.filter((value) => value.name === name && beginsWith(value, typed)).map(toSuggestion),
  )
  const products = words.matchNames(typed, first).flatMap((row) => facets.products.get(row) ?? [])
  return [
    ...labels,
    ...products.map((product) => ({ kind: 'PRODUCT' as const, text: product.name, ref: product.productId })),
  ].slice(0, first)
}

function beginsWith(value: FacetValueEntry, typed: readonly string[]): boolean {
  const words = searchWords(value.valueLabel)
  return typed.every((start) => words.some((word) => word.startsWith(start)))
}

function toSuggestion(value: FacetValueEntry): Suggestion {
  return { kind: value.name === 'brand' ? 'BRAND' : 'CATEGORY', text: value.valueLabel, ref: value.value }
}

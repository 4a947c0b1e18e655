import type { FacetIndex, FacetValueEntry } from './facet-index.ts'
import { searchWords } from './match-text.ts'
import type { Suggestion } from './product-search.ts'
import type { WordIndex } from './word-index.sqlite.ts'

/** Words to look up, and what they lead to. */
export interface Indexes {
  readonly words: WordIndex
  readonly facets: FacetIndex
}

/** Labels and names with words beginning like these; when there are none, like their nearest known words. */
export function suggest(indexes: Indexes, words: readonly string[], first: number): readonly Suggestion[] {
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

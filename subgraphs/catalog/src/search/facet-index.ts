import { searchWords } from './match-text.ts'
import type { FacetLabel, SearchDocument, SearchVariant } from './product-search.ts'

/** A facet value by its number. */
export interface FacetValueEntry extends FacetLabel {
  readonly id: number
  readonly name: string
  readonly label: string
}

/** What filters, sorts and counts need of a product; its words are in the word index. */
export interface ProductEntry {
  /** Its row in the word index. */
  readonly row: number
  readonly productId: string
  readonly name: string
  readonly nameKey: string
  readonly createdAt: number
  /** Its lowest price per market, minor units. */
  readonly listed: ReadonlyMap<string, number>
  readonly variants: readonly VariantEntry[]
}

export interface VariantEntry {
  /** Facet values by their numbers. */
  readonly tags: readonly number[]
  /** Minor units per market. */
  readonly prices: ReadonlyMap<string, number>
}

/** Products with their facet values and prices, in plain memory: counting over tables took a hundred times as long. */
export interface FacetIndex {
  readonly products: ReadonlyMap<number, ProductEntry>
  readonly values: readonly FacetValueEntry[]
  readonly names: ReadonlySet<string>
  rowOf(productId: string): number | undefined
  valueId(name: string, value: string): number | undefined
  put(row: number, document: SearchDocument): void
  remove(row: number): void
  clear(): void
}

export function createFacetIndex(): FacetIndex {
  const products = new Map<number, ProductEntry>()
  const rows = new Map<string, number>()
  const values: FacetValueEntry[] = []
  const ids = new Map<string, number>()
  const names = new Set<string>()

  function learn(facet: NamedFacet): number {
    const key = keyOf(facet.name, facet.value)
    const known = ids.get(key)
    if (known !== undefined) return known
    const id = values.length
    values.push({ ...facet, id })
    ids.set(key, id)
    names.add(facet.name)
    return id
  }

  return {
    products,
    values,
    names,
    rowOf: (productId) => rows.get(productId),
    valueId: (name, value) => ids.get(keyOf(name, value)),
    put(row, document) {
      const common = sharedFacets(document).map(learn)
      products.set(
        row,
        productEntry(row, document, (variant) => variantEntry(variant, common, learn)),
      )
      rows.set(document.productId, row)
    },
    remove(row) {
      const entry = products.get(row)
      products.delete(row)
      if (entry) rows.delete(entry.productId)
    },
    clear() {
      for (const part of [products, rows, ids, names]) part.clear()
      values.length = 0
    },
  }
}

type NamedFacet = Omit<FacetValueEntry, 'id'>

function keyOf(name: string, value: string): string {
  return `${name}\n${value}`
}

function sharedFacets({ brand, categories }: SearchDocument): readonly NamedFacet[] {
  return [
    { name: 'brand', label: 'Brand', value: brand, valueLabel: brand },
    ...categories.map((category) => ({ name: 'category', label: 'Category', ...category })),
  ]
}

function variantEntry(
  variant: SearchVariant,
  common: readonly number[],
  learn: (facet: NamedFacet) => number,
): VariantEntry {
  return {
    tags: [...new Set([...common, ...variant.facets.map(learn)])],
    prices: new Map(variant.prices.map(({ market, minor }) => [market, minor])),
  }
}

function productEntry(
  row: number,
  document: SearchDocument,
  toEntry: (variant: SearchVariant) => VariantEntry,
): ProductEntry {
  const variants = document.variants.map(toEntry)
  const listed = new Map<string, number>()
  for (const { prices } of variants) {
    for (const [market, minor] of prices) listed.set(market, Math.min(minor, listed.get(market) ?? minor))
  }
  const { productId, name, createdAt } = document
  return { row, productId, name, nameKey: searchWords(name).join(' '), createdAt, listed, variants }
}

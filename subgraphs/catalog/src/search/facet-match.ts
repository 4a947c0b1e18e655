import type { FacetIndex, ProductEntry, VariantEntry } from './facet-index.ts'
import type { SearchFilter } from './product-search.ts'

/** A filter made ready: values as numbers. */
export interface VariantFilter {
  readonly market: string
  readonly min: number
  readonly max: number
  readonly selections: readonly Selection[]
}

interface Selection {
  readonly name: string
  readonly ids: ReadonlySet<number>
}

export function prepareFilter(index: FacetIndex, filter: SearchFilter): VariantFilter {
  const selections = filter.facets.map(({ name, values }) => ({
    name,
    ids: new Set(values.flatMap((value) => index.valueId(name, value) ?? [])),
  }))
  const { market, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = filter
  return { market, min, max, selections }
}

/** Whether one and the same variant fulfils everything. */
export function matchesProduct(product: ProductEntry, filter: VariantFilter): boolean {
  return product.variants.some((variant) => sellsWithin(variant, filter) && missed(variant, filter) === NONE)
}

/**
 * How many of these products have each facet value, by its number. One pass for all facets: a variant that misses
 * nothing counts everywhere, one that misses a single selection counts only for the facet it misses.
 */
export function countValues(
  index: FacetIndex,
  products: Iterable<ProductEntry>,
  filter: VariantFilter,
): readonly number[] {
  const counts = new Array<number>(index.values.length).fill(0)
  // Which product was last counted for a value: each counts once, however many of its variants match.
  const countedFor = new Array<number>(index.values.length).fill(-1)
  for (const product of products) {
    for (const variant of product.variants) {
      for (const tag of countable(index, variant, filter)) {
        if (countedFor[tag] === product.row) continue
        countedFor[tag] = product.row
        counts[tag] = (counts[tag] ?? 0) + 1
      }
    }
  }
  return counts
}

function countable(index: FacetIndex, variant: VariantEntry, filter: VariantFilter): readonly number[] {
  if (!sellsWithin(variant, filter)) return []
  const miss = missed(variant, filter)
  if (miss === SEVERAL) return []
  const { selections } = filter
  if (miss !== NONE) return variant.tags.filter((tag) => index.values[tag]?.name === selections[miss]?.name)
  return variant.tags
}

const NONE = -1
const SEVERAL = -2

/** Which selection the variant misses, NONE or SEVERAL. */
function missed({ tags }: VariantEntry, { selections }: VariantFilter): number {
  let miss = NONE
  for (let i = 0; i < selections.length; i++) {
    const ids = selections[i]?.ids
    if (tags.some((tag) => ids?.has(tag))) continue
    if (miss !== NONE) return SEVERAL
    miss = i
  }
  return miss
}

function sellsWithin(variant: VariantEntry, { market, min, max }: VariantFilter): boolean {
  const minor = variant.prices.get(market)
  return minor !== undefined && minor >= min && minor <= max
}

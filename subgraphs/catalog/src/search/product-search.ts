/**
 * The index that finds products by words, facets and prices. It is a projection: whatever it holds can be built
 * again from the product rows, so an engine may keep it in memory or hand it to a search cluster.
 */
export interface ProductSearch extends AsyncDisposable {
  /** Forgets everything and takes in these. */
  rebuild(documents: readonly SearchDocument[]): Promise<void>
  /** Takes in one product, in place of what was known of it; costs the same however many others there are. */
  put(document: SearchDocument): Promise<void>
  /** At most `page.limit` products in the order asked for, each with the key its cursor is made of. */
  find(filter: SearchFilter, page: SearchPage): Promise<readonly SearchHit[]>
  /** How many products match; stops counting at `cap`. */
  count(filter: SearchFilter, cap: number): Promise<number>
  /** Counts per facet and value, most frequent first; a facet's own selection does not narrow its own counts. */
  facets(filter: SearchFilter): Promise<readonly FacetCounts[]>
  /** Names that may stand in `SearchFilter.facets`. */
  facetNames(): Promise<ReadonlySet<string>>
  /** Categories, then brands, then products with words beginning like these; forgives a typo when nothing does. */
  suggest(text: string, first: number): Promise<readonly Suggestion[]>
}

/** What the index is told about one product. */
export interface SearchDocument {
  readonly productId: string
  readonly name: string
  readonly brand: string
  readonly description: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Its own category first, then the ones above. */
  readonly categories: readonly FacetLabel[]
  readonly variants: readonly SearchVariant[]
}

export interface SearchVariant {
  readonly sku: string
  readonly facets: readonly (FacetLabel & { readonly name: string; readonly label: string })[]
  /** Minor units per market; a market without a price does not sell it. */
  readonly prices: readonly { readonly market: string; readonly minor: number }[]
}

/** A value to filter by, and how people read it. */
export interface FacetLabel {
  readonly value: string
  readonly valueLabel: string
}

/** All of it must hold for one and the same variant. */
export interface SearchFilter {
  /** Only products with a price here. */
  readonly market: string
  readonly text?: string
  /** Each with any of its values. Brand and category are facets too: `brand`, `category`. */
  readonly facets: readonly FacetSelection[]
  /** Minor units, inclusive. */
  readonly min?: number
  /** Minor units, inclusive. */
  readonly max?: number
}

export interface FacetSelection {
  readonly name: string
  readonly values: readonly string[]
}

/** RELEVANCE needs a text. */
export type SearchSort = 'RELEVANCE' | 'NAME' | 'PRICE_ASC' | 'PRICE_DESC' | 'NEWEST'

export interface SearchPage {
  readonly sort: SearchSort
  /** Whose prices to sort by. */
  readonly market: string
  /** Exclusive: where the last page ended. */
  readonly after?: SearchHit
  readonly limit: number
}

export interface SearchHit {
  readonly productId: string
  /** What it was sorted by: a score, a name, a price, a time. */
  readonly key: string | number
}

export interface FacetCounts {
  readonly name: string
  readonly label: string
  readonly values: readonly FacetCount[]
}

export interface FacetCount extends FacetLabel {
  /** Products, not variants. */
  readonly count: number
}

export interface Suggestion {
  readonly kind: 'CATEGORY' | 'BRAND' | 'PRODUCT'
  readonly text: string
  /** The category's handle, the brand, or the product id. */
  readonly ref: string
}

/** More values than anybody looks at are not counted out. */
export const MAX_FACET_VALUES = 100

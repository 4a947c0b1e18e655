import type { ProductEntry } from './facet-index.ts'
import type { SearchHit, SearchPage, SearchSort } from './product-search.ts'

/** The scores of a text, by row; empty without a text. */
export type Scores = ReadonlyMap<number, number>

/** The first hits behind the page's cursor; keeps no more than a page while looking at all. */
export function firstHits(
  products: Iterable<ProductEntry>,
  page: SearchPage,
  scores: Scores,
): readonly SearchHit[] {
  const order = ORDERS[page.sort]
  const best: SearchHit[] = []
  for (const product of products) {
    const hit = { productId: product.productId, key: keyOf(product, page, scores) }
    if (page.after && order(hit, page.after) <= 0) continue
    insert(best, hit, order)
    if (best.length > page.limit) best.pop()
  }
  return best
}

type Order = (a: SearchHit, b: SearchHit) => number

const ascending: Order = (a, b) => compare(a.key, b.key) || compare(a.productId, b.productId)
const descending: Order = (a, b) => compare(b.key, a.key) || compare(a.productId, b.productId)

const ORDERS: Readonly<Record<SearchSort, Order>> = {
  // bm25 in SQLite is the lower the better.
  RELEVANCE: ascending,
  NAME: ascending,
  PRICE_ASC: ascending,
  PRICE_DESC: descending,
  NEWEST: descending,
}

function keyOf(product: ProductEntry, { sort, market }: SearchPage, scores: Scores): string | number {
  switch (sort) {
    case 'RELEVANCE':
      return scores.get(product.row) ?? 0
    case 'NAME':
      return product.nameKey
    case 'PRICE_ASC':
    case 'PRICE_DESC':
      return product.listed.get(market) ?? 0
    case 'NEWEST':
      return product.createdAt
  }
}

function insert(sorted: SearchHit[], hit: SearchHit, order: Order): void {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sorted[middle]
    if (other && order(other, hit) <= 0) low = middle + 1
    else high = middle
  }
  sorted.splice(low, 0, hit)
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

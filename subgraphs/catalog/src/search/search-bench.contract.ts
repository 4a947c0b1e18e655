import { createCategoryTree } from '../domain/category-tree.ts'
import type { Category } from '../domain/product.ts'
import { toProduct } from '../import.ts'
import { smallShop } from '../small-shop.fixture.ts'
import type { ProductSearch, SearchDocument, SearchFilter, SearchSort } from './product-search.ts'
import { searchDocument } from './search-document.ts'

const tree = createCategoryTree(
  smallShop.categories.map((category, position): Category => ({ ...category, position })),
)
/** The small shop as the index is told of it. */
export const documents: readonly SearchDocument[] = smallShop.products.map((product) =>
  searchDocument(toProduct(product), tree),
)
export const inItaly: SearchFilter = { market: 'IT', facets: [] }

/** The small shop in a fresh index. */
export async function shop(open: () => ProductSearch): Promise<ProductSearch> {
  const search = open()
  await search.rebuild(documents)
  return search
}

/** The ids of everything found. */
export async function found(
  search: ProductSearch,
  filter: SearchFilter,
  sort: SearchSort = 'NAME',
): Promise<string[]> {
  const hits = await search.find(filter, { sort, market: filter.market, limit: 100 })
  return hits.map((hit) => hit.productId)
}

import { Fault } from '@stoa/platform/fault'
import { type Connection, connectionOf, type PageArguments, readPage } from '@stoa/platform/graph'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { CatalogLoaders } from './loaders.ts'
import { type ProductFilter, readFilter } from './read-filter.ts'
import type {
  FacetCounts,
  ProductSearch,
  SearchFilter,
  SearchHit,
  SearchSort,
} from './search/product-search.ts'
import type { StoredProduct } from './store/product-rows.ts'

export interface ListArguments extends PageArguments {
  readonly filter?: ProductFilter | null
  readonly sort?: SearchSort | null
}

/** A page whose counts are worked out only when the query selects them. */
export interface ProductPage extends Omit<Connection<StoredProduct>, 'totalCount'> {
  readonly totalCount: () => Promise<number | null>
  readonly facets: () => Promise<readonly SelectedFacet[]>
}

/** A facet with what the filter selects of it. */
export interface SelectedFacet extends FacetCounts {
  readonly selected: ReadonlySet<string>
}

export interface ListRequest {
  readonly args: ListArguments
  readonly request: RequestContext
  readonly loaders: CatalogLoaders
}

/** Which products, load them at once, drop what is gone, shape the page. */
export async function listProducts(
  search: ProductSearch,
  { args, request, loaders }: ListRequest,
): Promise<ProductPage> {
  const page = readPage(args)
  const [categories, facetNames] = await Promise.all([loaders.categories(), search.facetNames()])
  const filter = readFilter(args.filter ?? {}, { market: request.market, categories, facetNames })
  const sort = sortOf(args.sort, filter)
  const after = readAfter(page.after, sort)
  const hits = await search.find(filter, {
    sort,
    market: filter.market,
    limit: page.first + 1,
    ...(after && { after }),
  })
  const loaded = await loaders.products.loadMany(hits.slice(0, page.first).map((hit) => hit.productId))
  const items = hits.flatMap((hit, index) => present(hit, loaded[index]))
  const connection = connectionOf({
    page,
    items,
    keyOf: ({ hit }) => [sort, hit.key, hit.productId],
    hasNextPage: hits.length > page.first,
  })
  return {
    pageInfo: connection.pageInfo,
    edges: connection.edges.map(({ cursor, node }) => ({ cursor, node: node.stored })),
    nodes: connection.nodes.map(({ stored }) => stored),
    totalCount: () => countUpTo(search, filter),
    facets: () => selectedFacets(search, filter),
  }
}

interface Item {
  readonly hit: SearchHit
  readonly stored: StoredProduct
}

/** The index may still know a product whose row is gone. */
function present(hit: SearchHit, stored: StoredProduct | Error | undefined): readonly Item[] {
  if (stored instanceof Error) throw stored
  return stored ? [{ hit, stored }] : []
}

function sortOf(sort: SearchSort | null | undefined, { text }: SearchFilter): SearchSort {
  if (sort && sort !== 'RELEVANCE') return sort
  return text === undefined ? 'NEWEST' : 'RELEVANCE'
}

function readAfter(key: readonly (string | number)[] | undefined, sort: SearchSort): SearchHit | undefined {
  if (key === undefined) return undefined
  const [sorted, value, productId] = key
  const expected = sort === 'NAME' ? 'string' : 'number'
  if (
    key.length === 3 &&
    sorted === sort &&
    typeof value === expected &&
    typeof productId === 'string' &&
    value !== undefined
  )
    return { productId, key: value }
  throw new Fault(
    'BAD_REQUEST',
    'Expected "after" to be an "endCursor" of this list with the same sort. Start again without it.',
  )
}

/** Nobody pages through more, and counting must not cost more than the page. */
const MAX_COUNT = 25_000

async function countUpTo(search: ProductSearch, filter: SearchFilter): Promise<number | null> {
  const count = await search.count(filter, MAX_COUNT + 1)
  return count > MAX_COUNT ? null : count
}

async function selectedFacets(
  search: ProductSearch,
  filter: SearchFilter,
): Promise<readonly SelectedFacet[]> {
  const selected = new Map(filter.facets.map(({ name, values }) => [name, new Set(values)]))
  const facets = await search.facets(filter)
  return facets.map((facet) => ({ ...facet, selected: selected.get(facet.name) ?? new Set() }))
}

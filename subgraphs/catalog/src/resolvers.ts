import { checkFirst, type PageArguments } from '@stoa/platform/graph'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { globalId } from '@stoa/platform/id'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import type { Category } from './domain/product.ts'
import { marketPrices, priceFrom, toGraphAttribute, toGraphPrice, variantPage } from './graph-shapes.ts'
import { type ListArguments, listProducts, type SelectedFacet } from './list-products.ts'
import type { CatalogLoaders, StoredVariant } from './loaders.ts'
import { readText } from './read-filter.ts'
import { findProduct, type ProductKeys, referencedCategory, referencedVariant } from './references.ts'
import type { ProductSearch, Suggestion } from './search/product-search.ts'
import type { StoredProduct } from './store/product-rows.ts'
import { type ProductUpdateInput, updateProduct } from './update-product.ts'

export interface ResolverParts extends CommandPorts {
  readonly search: ProductSearch
}

type Context = ResolverContext<CatalogLoaders>
type Resolvers = SubgraphOptions<CatalogLoaders>['resolvers']

/** Wiring: every field either reads what is there, or asks one loader, the index or one command. */
export function createResolvers(parts: ResolverParts): Resolvers {
  return {
    Query: queries(parts.search),
    Mutation: {
      async productUpdate(
        _: unknown,
        { input }: { input: ProductUpdateInput },
        { request, loaders }: Context,
      ) {
        const payload = await updateProduct(parts, input, request)
        loaders.products.clear(input.productId)
        return payload
      },
    },
    Product: product,
    ProductVariant: variant,
    Category: category,
    Attribute: { __resolveType: (attribute: { __typename: string }) => attribute.__typename },
    Facet: {
      values: (facet: SelectedFacet, { first }: PageArguments) =>
        facet.values
          .slice(0, checkFirst(first ?? 30))
          .map((value) => ({ ...value, selected: facet.selected.has(value.value) })),
    },
    FacetValue: { label: ({ valueLabel }: { valueLabel: string }) => valueLabel },
    ProductConnection: {
      facets: async (page: { facets: () => Promise<readonly SelectedFacet[]> }, { first }: PageArguments) =>
        (await page.facets()).slice(0, checkFirst(first ?? 20)),
    },
    SearchSuggestion: {
      product: ({ kind, ref }: Suggestion, _: unknown, { loaders }: Context) =>
        kind === 'PRODUCT' ? loaders.products.load(ref) : null,
      category: async ({ kind, ref }: Suggestion, _: unknown, { loaders }: Context) =>
        kind === 'CATEGORY' ? (await loaders.categories()).byHandle.get(ref) : null,
    },
  }
}

function queries(search: ProductSearch): Resolvers[string] {
  return {
    products: (_: unknown, args: ListArguments, { request, loaders }: Context) =>
      listProducts(search, { args, request, loaders }),
    product: (_: unknown, keys: ProductKeys, { loaders }: Context) => findProduct(loaders, keys),
    variant: (_: unknown, { sku }: { sku: string }, { loaders }: Context) => loaders.variant(sku),
    categories: async (_: unknown, __: unknown, { loaders }: Context) =>
      (await loaders.categories()).children(undefined),
    category: async (_: unknown, { handle }: { handle: string }, { loaders }: Context) =>
      (await loaders.categories()).byHandle.get(handle),
    searchSuggestions: async (_: unknown, { text, first }: { text: string; first?: number | null }) =>
      search.suggest(readText(text) ?? '', checkFirst(first ?? 5)),
  }
}

const product = {
  __resolveReference: (keys: ProductKeys, { loaders }: Context) => findProduct(loaders, keys),
  id: ({ product }: StoredProduct) => globalId('catalog', 'Product', product.productId),
  productId: ({ product }: StoredProduct) => product.productId,
  handle: ({ product }: StoredProduct) => product.handle,
  name: ({ product }: StoredProduct) => product.name,
  description: ({ product }: StoredProduct) => product.description,
  brand: ({ product }: StoredProduct) => product.brand,
  category: async ({ product }: StoredProduct, _: unknown, { loaders }: Context) =>
    (await loaders.categories()).byHandle.get(product.category),
  attributes: ({ product }: StoredProduct) => product.attributes.map(toGraphAttribute),
  image: ({ product }: StoredProduct) => product.images[0],
  images: ({ product }: StoredProduct) => product.images,
  variants: (stored: StoredProduct, args: PageArguments) => variantPage(stored, args),
  priceFrom: (stored: StoredProduct, _: unknown, { request }: Context) => priceFrom(stored, request.market),
}

const variant = {
  __resolveReference: (keys: { id?: string; sku?: string }, { loaders }: Context) =>
    referencedVariant(loaders, keys),
  id: ({ variant }: StoredVariant) => globalId('catalog', 'ProductVariant', variant.sku),
  sku: ({ variant }: StoredVariant) => variant.sku,
  name: ({ variant }: StoredVariant) => variant.name,
  product: ({ stored }: StoredVariant) => stored,
  attributes: ({ variant, stored }: StoredVariant) =>
    [...variant.attributes, ...stored.product.attributes].map(toGraphAttribute),
  price: ({ variant }: StoredVariant, _: unknown, { request }: Context) =>
    toGraphPrice(variant.prices[request.market]),
  prices: ({ variant }: StoredVariant) => marketPrices(variant),
  image: ({ variant, stored }: StoredVariant) => variant.image ?? stored.product.images[0],
}

const category = {
  __resolveReference: (keys: { id?: string; handle?: string }, { loaders }: Context) =>
    referencedCategory(loaders, keys),
  id: ({ handle }: Category) => globalId('catalog', 'Category', handle),
  parent: async ({ parent }: Category, _: unknown, { loaders }: Context) =>
    parent === undefined ? null : (await loaders.categories()).byHandle.get(parent),
  children: async ({ handle }: Category, _: unknown, { loaders }: Context) =>
    (await loaders.categories()).children(handle),
}

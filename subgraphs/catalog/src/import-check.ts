import { parseProductId, parseSku } from '@stoa/platform/id'
import type { Market } from '@stoa/platform/market'
import type {
  CatalogImport,
  ImportCategory,
  ImportPrice,
  ImportProduct,
  ImportVariant,
} from './assortment.ts'
import { MAX_VARIANTS } from './domain/product.ts'
import { MAX_CATEGORIES } from './store/category-rows.ts'

/** Everything that is wrong with an import, one sentence each; empty when it may be written. */
export function checkImport(
  { categories, products }: CatalogImport,
  markets: readonly Market[],
): readonly string[] {
  const handles = new Set(categories.map((category) => category.handle))
  return [
    ...(categories.length > MAX_CATEGORIES
      ? [`Expected at most ${MAX_CATEGORIES} categories, got ${categories.length}.`]
      : []),
    ...repeated(
      'category handle',
      categories.map((category) => category.handle),
    ),
    ...repeated(
      'product id',
      products.map((product) => product.productId),
    ),
    ...repeated(
      'product handle',
      products.map((product) => product.handle),
    ),
    ...repeated(
      'SKU',
      products.flatMap((product) => product.variants.map((variant) => variant.sku)),
    ),
    ...categories.flatMap((category) => checkParents(category, categories)),
    ...products.flatMap((product) => checkProduct(product, handles, markets)),
  ]
}

/** These facets are ours. */
const RESERVED = new Set(['brand', 'category'])

function checkProduct(
  product: ImportProduct,
  handles: ReadonlySet<string>,
  markets: readonly Market[],
): string[] {
  const { productId, category, variants } = product
  const id = parseProductId(productId)
  const attributes = [product, ...variants].flatMap((of) => of.attributes)
  return [
    ...(id.ok ? [] : [id.error.message]),
    ...(product.handle.length > 0 && product.name.length > 0
      ? []
      : [`${productId} needs a handle and a name.`]),
    ...(handles.has(category) ? [] : [`${productId} is in the unknown category "${category}".`]),
    ...(variants.length >= 1 && variants.length <= MAX_VARIANTS
      ? []
      : [`${productId} has ${variants.length} variants, expected 1 to ${MAX_VARIANTS}.`]),
    ...attributes.flatMap(({ name }) =>
      RESERVED.has(name) ? [`${productId}: no attribute may be named "${name}".`] : [],
    ),
    ...variants.flatMap((variant) => checkVariant(variant, markets)),
  ]
}

function checkVariant({ sku, prices }: ImportVariant, markets: readonly Market[]): string[] {
  const parsed = parseSku(sku)
  return [
    ...(parsed.ok ? [] : [parsed.error.message]),
    ...prices.flatMap((price) => checkPrice(sku, price, markets)),
  ]
}

function checkPrice(
  sku: string,
  { market: code, minor, currency }: ImportPrice,
  markets: readonly Market[],
): string[] {
  const market = markets.find((candidate) => candidate.code === code)
  if (!market) return [`${sku} has a price in the unknown market "${code}".`]
  if (currency !== market.currency)
    return [`${sku}: prices in ${code} are in ${market.currency}, got ${currency}.`]
  if (!Number.isSafeInteger(minor) || minor < 0)
    return [`${sku}: expected whole minor units, 0 or more, got ${minor}.`]
  return []
}

function checkParents(category: ImportCategory, categories: readonly ImportCategory[]): string[] {
  const parents = new Map(categories.map(({ handle, parent }) => [handle, parent]))
  const seen = new Set<string>()
  for (let at: string | undefined = category.handle; at !== undefined; at = parents.get(at)) {
    if (seen.has(at)) return [`Category "${category.handle}" stands below itself.`]
    if (!parents.has(at)) return [`Category "${category.handle}" stands below the unknown "${at}".`]
    seen.add(at)
  }
  return []
}

function repeated(what: string, keys: readonly string[]): string[] {
  const seen = new Set<string>()
  return keys.flatMap((key) =>
    seen.size === seen.add(key).size ? [`The ${what} "${key}" is there twice.`] : [],
  )
}

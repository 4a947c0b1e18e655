import { Fault } from '@stoa/platform/fault'
import { findMarket, type Market } from '@stoa/platform/market'
import type { CategoryTree } from './domain/category-tree.ts'
import type { FacetSelection, SearchFilter } from './search/product-search.ts'

/** `ProductFilter` as the graph hands it over. */
export interface ProductFilter {
  readonly text?: string | null
  readonly category?: string | null
  readonly brands?: readonly string[] | null
  readonly facets?: readonly FacetSelection[] | null
  readonly price?: PriceRange | null
}

export interface PriceRange {
  /** Minor units. */
  readonly min?: bigint | null
  /** Minor units. */
  readonly max?: bigint | null
  readonly currency?: string | null
}

/** What a filter is checked against. */
export interface FilterWorld {
  /** The market of the request. */
  readonly market: string
  readonly categories: CategoryTree
  readonly facetNames: ReadonlySet<string>
}

/** Throws BAD_REQUEST for what no product can be asked for. Values nobody has are fine: they find nothing. */
export function readFilter(filter: ProductFilter, world: FilterWorld): SearchFilter {
  const market = readMarket(world.market)
  const text = readText(filter.text)
  return {
    market: market.code,
    ...(text !== undefined && { text }),
    facets: mergeByName([
      ...readCategory(filter.category, world.categories),
      { name: 'brand', values: checkCount('brands', filter.brands ?? [], MAX_VALUES) },
      ...readFacets(filter.facets ?? [], world.facetNames),
    ]),
    ...readRange(filter.price ?? {}, market),
  }
}

const MAX_FACETS = 10
const MAX_VALUES = 50
const MAX_TEXT = 200

/** A text for the search box: trimmed, undefined when empty, BAD_REQUEST when longer than 200 characters. */
export function readText(text: string | null | undefined): string | undefined {
  const trimmed = text?.trim() ?? ''
  if (trimmed.length <= MAX_TEXT) return trimmed === '' ? undefined : trimmed
  throw new Fault('BAD_REQUEST', `Expected a text of at most ${MAX_TEXT} characters, got ${trimmed.length}.`)
}

/** The market of the request; the gateway lets only known ones through. */
export function readMarket(code: string): Market {
  const market = findMarket(code)
  if (market) return market
  throw new Fault('BAD_REQUEST', `There is no market "${code}". Choose one with @inContext(market: IT).`)
}

function readCategory(
  handle: string | null | undefined,
  categories: CategoryTree,
): readonly FacetSelection[] {
  if (handle === null || handle === undefined) return []
  if (categories.byHandle.has(handle)) return [{ name: 'category', values: [handle] }]
  throw new Fault(
    'BAD_REQUEST',
    `There is no category "${short(handle)}". Ask for { categories { handle } }.`,
  )
}

function readFacets(
  facets: readonly FacetSelection[],
  known: ReadonlySet<string>,
): readonly FacetSelection[] {
  for (const { name, values } of checkCount('facets', facets, MAX_FACETS)) {
    checkCount(`values of the facet "${short(name)}"`, values, MAX_VALUES)
    if (known.has(name)) continue
    const names = [...known].sort().slice(0, 20).join(', ')
    throw new Fault('BAD_REQUEST', `There is no facet "${short(name)}". Known are: ${names}.`)
  }
  return facets
}

function readRange({ min, max, currency }: PriceRange, market: Market): Pick<SearchFilter, 'min' | 'max'> {
  if (currency && currency !== market.currency)
    throw new Fault(
      'BAD_REQUEST',
      `Prices in the market ${market.code} are in ${market.currency}, got ${currency}.`,
    )
  const from = readMinor('min', min)
  const to = readMinor('max', max)
  if (from !== undefined && to !== undefined && from > to)
    throw new Fault('BAD_REQUEST', `Expected price.min up to price.max, got ${from} and ${to}.`)
  return { ...(from !== undefined && { min: from }), ...(to !== undefined && { max: to }) }
}

function readMinor(field: string, value: bigint | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined
  const minor = Number(value)
  if (Number.isSafeInteger(minor) && minor >= 0) return minor
  throw new Fault('BAD_REQUEST', `Expected price.${field} in minor units, 0 or more, got ${value}.`)
}

/** Selections of the same facet add up; one without values selects nothing. */
function mergeByName(selections: readonly FacetSelection[]): readonly FacetSelection[] {
  const groups = Map.groupBy(selections, (selection) => selection.name)
  return [...groups]
    .map(([name, group]) => ({ name, values: group.flatMap((selection) => selection.values) }))
    .filter(({ values }) => values.length > 0)
}

function checkCount<T>(what: string, list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list
  throw new Fault('BAD_REQUEST', `Expected at most ${most} ${what}, got ${list.length}.`)
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

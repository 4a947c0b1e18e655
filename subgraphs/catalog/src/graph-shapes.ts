import { Fault } from '@stoa/platform/fault'
import { type Connection, connectionOf, type PageArguments, readPage } from '@stoa/platform/graph'
import { type GraphMoney, moneyToGraph } from '@stoa/platform/money'
import type { Attribute, Price, Variant } from './domain/product.ts'
import type { StoredVariant } from './loaders.ts'
import type { StoredProduct } from './store/product-rows.ts'

/** A typed attribute as the graph shows it. */
export type GraphAttribute = {
  readonly name: string
  readonly label: string
  readonly display: string
} & (
  | { readonly __typename: 'TextAttribute'; readonly text: string }
  | { readonly __typename: 'NumberAttribute'; readonly number: number; readonly unit: string | null }
  | { readonly __typename: 'BooleanAttribute'; readonly boolean: boolean }
  | { readonly __typename: 'ChoiceAttribute'; readonly choice: string }
)

export function toGraphAttribute(attribute: Attribute): GraphAttribute {
  const { name, label } = attribute
  switch (attribute.kind) {
    case 'text':
      return { __typename: 'TextAttribute', name, label, display: attribute.value, text: attribute.value }
    case 'number': {
      const { value, unit } = attribute
      const display = unit === undefined ? String(value) : `${value} ${unit}`
      return { __typename: 'NumberAttribute', name, label, display, number: value, unit: unit ?? null }
    }
    case 'boolean':
      return {
        __typename: 'BooleanAttribute',
        name,
        label,
        display: attribute.value ? 'yes' : 'no',
        boolean: attribute.value,
      }
    case 'choice':
      return {
        __typename: 'ChoiceAttribute',
        name,
        label,
        display: attribute.valueLabel ?? attribute.value,
        choice: attribute.value,
      }
  }
}

/** The lowest price of its variants in a market, or null where it is not sold. */
export function priceFrom({ product }: StoredProduct, market: string): GraphMoney | null {
  const prices = product.variants.flatMap((variant) => variant.prices[market] ?? [])
  const [first, ...others] = prices
  return toGraphPrice(others.reduce((low, price) => (low && low.minor <= price.minor ? low : price), first))
}

export function toGraphPrice(price: Price | undefined): GraphMoney | null {
  return price ? moneyToGraph({ minor: price.minor, currency: price.currency }) : null
}

/** A product's variants, a page at a time; they are all in its row already. */
export function variantPage(stored: StoredProduct, args: PageArguments): Connection<StoredVariant> {
  const page = readPage(args, 50)
  const { variants } = stored.product
  const start = page.after ? indexAfter(variants, page.after[0]) : 0
  return connectionOf({
    page,
    items: variants.slice(start, start + page.first + 1).map((variant) => ({ stored, variant })),
    keyOf: ({ variant }) => [variant.sku],
    totalCount: variants.length,
  })
}

function indexAfter(variants: readonly Variant[], sku: string | number | undefined): number {
  const index = variants.findIndex((variant) => variant.sku === sku)
  if (index >= 0) return index + 1
  throw new Fault(
    'BAD_REQUEST',
    'Expected "after" to be an "endCursor" of this product\'s variants. Start again without it.',
  )
}

/** Every market in which it is sold. */
export function marketPrices(
  variant: Variant,
): readonly { readonly market: string; readonly price: GraphMoney | null }[] {
  return Object.entries(variant.prices).map(([market, price]) => ({ market, price: toGraphPrice(price) }))
}

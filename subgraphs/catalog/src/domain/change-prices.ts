import { type Market, markets } from '@stoa/platform/market'
import { err, ok, type Result } from '@stoa/platform/result'
import type { Price, Product, ProductDecision, ProductFact, ProductRefusal, Variant } from './product.ts'

/** New prices for variants of one product. */
export interface ChangePrices {
  readonly changes: readonly PriceChange[]
  /** When they took effect, epoch milliseconds. */
  readonly at: number
  /** Leaves alone what was set later than `at`: an old message must not undo a newer price. */
  readonly onlyNewer: boolean
}

export interface PriceChange {
  readonly sku: string
  readonly market: string
  /** Gross minor units. */
  readonly minor: number
  readonly currency: string
}

/** All of the prices or none; a price that is so already tells nothing. */
export function changePrices(
  product: Product,
  command: ChangePrices,
): Result<ProductDecision, ProductRefusal> {
  const { changes } = command
  if (changes.length > MAX_PRICES) return err(tooMany(changes.length))
  let changed = product
  const facts: ProductFact[] = []
  for (const [index, change] of changes.entries()) {
    const price = checkPrice(product, change, index)
    if (!price.ok) return price
    const next = withPrice(changed, change, { ...price.value, asOf: command.at }, command.onlyNewer)
    if (next === changed) continue
    changed = next
    facts.push(priceChanged(product, change.sku, { market: change.market, price: price.value }))
  }
  return ok({ product: changed, facts })
}

/** Each is an event of one transaction. */
const MAX_PRICES = 90

function checkPrice(product: Product, change: PriceChange, index: number): Result<Price, ProductRefusal> {
  const { sku, minor, currency } = change
  const refuse = (
    code: ProductRefusal['code'],
    field: string,
    message: string,
  ): Result<Price, ProductRefusal> => err({ code, message, path: ['prices', String(index), field] })
  if (!product.variants.some((variant) => variant.sku === sku))
    return refuse('UNKNOWN_SKU', 'sku', `Product ${product.productId} has no variant with the SKU "${sku}".`)
  const market = markets.find((candidate) => candidate.code === change.market)
  if (!market) return refuse('UNKNOWN_MARKET', 'market', unknownMarket(change.market))
  if (currency !== market.currency) return refuse('CURRENCY_MISMATCH', 'currency', mismatch(market, currency))
  if (!Number.isSafeInteger(minor) || minor < 0)
    return refuse(
      'INVALID_PRICE',
      'amountMinor',
      `Expected whole minor units, 0 or more, got ${minor} for "${sku}".`,
    )
  return ok({ minor, currency: market.currency })
}

function withPrice(
  product: Product,
  { sku, market }: PriceChange,
  price: Price,
  onlyNewer: boolean,
): Product {
  const now = product.variants.find((variant) => variant.sku === sku)?.prices[market]
  if (now?.minor === price.minor && now.currency === price.currency) return product
  if (onlyNewer && now?.asOf !== undefined && now.asOf > (price.asOf ?? 0)) return product
  const variants = product.variants.map(
    (variant): Variant =>
      variant.sku === sku ? { ...variant, prices: { ...variant.prices, [market]: price } } : variant,
  )
  return { ...product, variants }
}

function priceChanged(
  product: Product,
  sku: string,
  { market, price }: { readonly market: string; readonly price: Price },
): ProductFact {
  const { minor, currency } = price
  const { productId } = product
  const name = receiptName(product, sku)
  return { type: 'PriceChanged', data: { sku, productId, name, market, price: { minor, currency } } }
}

/** What a receipt calls it: a variant's own name may only tell it from its siblings. */
function receiptName({ name, variants }: Product, sku: string): string {
  const own = variants.find((variant) => variant.sku === sku)?.name ?? sku
  return own.startsWith(name) ? own : `${name}, ${own}`
}

function tooMany(count: number): ProductRefusal {
  return {
    code: 'TOO_MANY_PRICES',
    message: `Expected at most ${MAX_PRICES} prices at once, got ${count}. Send the rest in a second change.`,
    path: ['prices'],
  }
}

function unknownMarket(code: string): string {
  return `Expected a market out of ${markets.map((market) => market.code).join(', ')}, got "${code}".`
}

function mismatch(market: Market, currency: string): string {
  return `Prices in the market ${market.code} are in ${market.currency}, got ${currency}.`
}

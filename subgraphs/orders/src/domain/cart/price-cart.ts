import { invariant } from '@stoa/platform/invariant'
import { findMarket, type Market } from '@stoa/platform/market'
import { addMoney, type Money, money, multiplyMoney, sumMoney, taxContained } from '@stoa/platform/money'
import type { EventDeliveryMethod } from '@stoa/schema/events'
import type { Cart, CartLine, PriceList } from './cart.ts'
import { shippingCost } from './shipping.ts'

/** A cart at given prices. */
export interface PricedCart {
  readonly market: Market
  readonly lines: readonly PricedLine[]
  readonly subtotal: Money
  readonly options: Readonly<Record<EventDeliveryMethod, DeliveryOption>>
  readonly warnings: readonly CartWarning[]
}

export interface PricedLine {
  readonly line: CartLine
  /** Absent when it is not sold any more. */
  readonly sold?: {
    readonly unitPrice: Money
    readonly total: Money
    readonly productId: string
    readonly name: string
  }
}

/** One way of delivery and what it makes the whole; tax is contained in the total. */
export interface DeliveryOption {
  readonly shipping: Money
  readonly tax: Money
  readonly total: Money
}

export type CartWarning =
  | {
      readonly code: 'PRICE_CHANGED'
      readonly message: string
      readonly lineId: string
      readonly previousUnitPrice: Money
    }
  | { readonly code: 'NOT_SOLD'; readonly message: string; readonly lineId: string }

/** What a cart costs at these prices; with the prices the customer saw, what they think it costs. */
export function priceCart(cart: Cart, prices: PriceList): PricedCart {
  const market = findMarket(cart.market)
  invariant(market, `cart ${cart.cartId} is in a market we know`)
  const lines = cart.lines.map((line) => priceLine(line, prices))
  const totals = lines.flatMap(({ sold }) => (sold ? [sold.total] : []))
  const subtotal = sumMoney(totals, market.currency)
  const options = {
    DELIVERY: option(market, 'DELIVERY', subtotal),
    PICKUP: option(market, 'PICKUP', subtotal),
  }
  return { market, lines, subtotal, options, warnings: lines.flatMap((line) => warnings(line, market)) }
}

/** The price list the customer saw: each line at the price it had when it was last changed. */
export function seenPrices(cart: Cart, prices: PriceList): PriceList {
  return new Map(
    cart.lines.flatMap(({ sku, seenMinor }) => {
      const price = prices.get(sku)
      return price ? [[sku, { ...price, amount: { ...price.amount, minor: seenMinor } }] as const] : []
    }),
  )
}

function priceLine(line: CartLine, prices: PriceList): PricedLine {
  const price = prices.get(line.sku)
  if (!price) return { line }
  const { amount: unitPrice, productId, name } = price
  const total = multiplyMoney(unitPrice, line.quantity)
  return { line, sold: { unitPrice, total, productId, name } }
}

function option(market: Market, method: EventDeliveryMethod, subtotal: Money): DeliveryOption {
  const shipping = shippingCost(market.code, method, subtotal)
  const total = addMoney(subtotal, shipping)
  return { shipping, tax: taxContained(total, market.taxBasisPoints), total }
}

function warnings({ line, sold }: PricedLine, market: Market): readonly CartWarning[] {
  const { lineId, sku, seenMinor } = line
  if (!sold) {
    const message = `${sku} is not sold in market ${market.code} any more. Take the line out to go on.`
    return [{ code: 'NOT_SOLD', message, lineId }]
  }
  if (sold.unitPrice.minor === seenMinor) return []
  const way = sold.unitPrice.minor > seenMinor ? 'more' : 'less'
  const message = `${sold.name} costs ${way} than when you put it into the cart.`
  const previousUnitPrice = money(seenMinor, sold.unitPrice.currency)
  return [{ code: 'PRICE_CHANGED', message, lineId, previousUnitPrice }]
}

import { globalId } from '@stoa/platform/id'
import { moneyToGraph } from '@stoa/platform/money'
import type { Cart, PriceList } from '../domain/cart/cart.ts'
import { type CartWarning, type PricedCart, type PricedLine, priceCart } from '../domain/cart/price-cart.ts'

/** A cart with what it costs today. */
export interface CartView {
  readonly cart: Cart
  readonly priced: PricedCart
}

export function viewCart(cart: Cart, prices: PriceList): CartView {
  return { cart, priced: priceCart(cart, prices) }
}

/** How a cart shows itself in the graph. */
export const cartFields: Readonly<Record<string, (view: CartView) => unknown>> = {
  id: ({ cart }: CartView) => globalId('orders', 'Cart', cart.cartId),
  market: ({ cart }: CartView) => cart.market,
  currency: ({ priced }: CartView) => priced.market.currency,
  lines: ({ priced }: CartView) => priced.lines.map(toGraphLine),
  totalQuantity: ({ cart }: CartView) => cart.lines.reduce((sum, line) => sum + line.quantity, 0),
  subtotal: ({ priced }: CartView) => moneyToGraph(priced.subtotal),
  shipping: ({ priced }: CartView) => moneyToGraph(priced.options.DELIVERY.shipping),
  tax: ({ priced }: CartView) => moneyToGraph(priced.options.DELIVERY.tax),
  total: ({ priced }: CartView) => moneyToGraph(priced.options.DELIVERY.total),
  deliveryOptions: ({ priced }: CartView) =>
    (['DELIVERY', 'PICKUP'] as const).map((method) => ({
      method,
      shipping: moneyToGraph(priced.options[method].shipping),
      total: moneyToGraph(priced.options[method].total),
    })),
  warnings: ({ priced }: CartView) => priced.warnings.map(toGraphWarning),
}

function toGraphLine({ line, sold }: PricedLine): object {
  const { lineId, sku, quantity } = line
  return {
    lineId,
    sku,
    quantity,
    variant: { sku },
    unitPrice: sold ? moneyToGraph(sold.unitPrice) : null,
    total: sold ? moneyToGraph(sold.total) : null,
  }
}

function toGraphWarning(warning: CartWarning): object {
  const { code, message, lineId } = warning
  const previous = warning.code === 'PRICE_CHANGED' ? moneyToGraph(warning.previousUnitPrice) : null
  return { code, message, lineId, previousUnitPrice: previous }
}

import type { TableStore } from '@stoa/platform/table-store'
import DataLoader from 'dataloader'
import type { Cart, Price } from './domain/cart/cart.ts'
import type { Order } from './domain/order/state.ts'
import { type CartView, viewCart } from './graph/cart-shapes.ts'
import { loadCarts, type StoredCart } from './store/cart-rows.ts'
import { loadOrders } from './store/order-rows.ts'
import { loadPrices, type PriceKey, priceList } from './store/price-rows.ts'

/** One request's reads: whatever is asked for in one tick becomes one call, and nothing is read twice. */
export interface OrdersLoaders {
  readonly orders: DataLoader<string, Order | undefined>
  readonly carts: DataLoader<string, StoredCart | undefined>
  /** A cart with what it costs today. */
  readonly priced: (cart: Cart) => Promise<CartView>
}

export function createLoaders(store: TableStore): OrdersLoaders {
  const prices = new DataLoader<PriceKey, Price | undefined, string>((keys) => loadPrices(store, keys), {
    cacheKeyFn: ({ sku, market }) => `${market}/${sku}`,
  })
  return {
    orders: new DataLoader((ids: readonly string[]) => loadOrders(store, ids)),
    carts: new DataLoader((ids: readonly string[]) => loadCarts(store, ids)),
    async priced(cart) {
      const { market } = cart
      const skus = cart.lines.map((line) => line.sku)
      const found = await Promise.all(skus.map((sku) => prices.load({ sku, market })))
      return viewCart(cart, priceList(skus, found))
    },
  }
}

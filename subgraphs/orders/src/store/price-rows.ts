import { findMarket } from '@stoa/platform/market'
import type { RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Price, PriceList } from '../domain/cart/cart.ts'

export interface PriceKey {
  readonly sku: string
  readonly market: string
}

/** In the order of the keys, `undefined` where it is not sold. */
export async function loadPrices(
  store: TableStore,
  keys: readonly PriceKey[],
): Promise<readonly (Price | undefined)[]> {
  const rows = await store.getMany(keys.map(priceKey))
  return rows.map((row, i) => row && readPrice(row.value, keys[i]?.market ?? ''))
}

/** What these SKUs cost in one market. */
export async function loadPriceList(
  store: TableStore,
  market: string,
  skus: readonly string[],
): Promise<PriceList> {
  const wanted = [...new Set(skus)]
  const prices = await loadPrices(
    store,
    wanted.map((sku) => ({ sku, market })),
  )
  return priceList(wanted, prices)
}

/** The prices found, by SKU. */
export function priceList(skus: readonly string[], prices: readonly (Price | undefined)[]): PriceList {
  return new Map(
    skus.flatMap((sku, i) => {
      const price = prices[i]
      return price ? [[sku, price] as const] : []
    }),
  )
}

export function priceRow(
  key: PriceKey,
  price: { readonly minor: number; readonly productId: string; readonly name: string },
): RowWrite {
  const { minor, productId, name } = price
  return { ...priceKey(key), value: { minor, productId, name } }
}

export function priceKey({ sku, market }: PriceKey): RowKey {
  return { table: 'prices', partition: sku, sort: market }
}

/** The currency is not kept: it is the market's. */
function readPrice(value: NonNullable<RowWrite['value']>, market: string): Price | undefined {
  const { minor, productId, name } = value
  const currency = findMarket(market)?.currency
  if (currency === undefined || typeof minor !== 'number') return undefined
  return { amount: { minor, currency }, productId: String(productId), name: String(name) }
}

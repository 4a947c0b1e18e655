import type { TableStore } from '@stoa/platform/table-store'
import DataLoader from 'dataloader'
import type { LocationBook, Locations } from './location-book.ts'
import { readStockViews, type StockView } from './stock-view.ts'

/** One request's reads: whatever is asked for in one tick becomes one call, and nothing is read twice. */
export interface InventoryLoaders {
  readonly stock: DataLoader<string, StockView>
  readonly locations: () => Promise<Locations>
}

export function createLoaders(store: TableStore, book: LocationBook): InventoryLoaders {
  return {
    stock: new DataLoader((skus: readonly string[]) => readStockViews(store, skus)),
    locations: () => book.read(),
  }
}

import type { Row, TableStore } from '@stoa/platform/table-store'
import DataLoader from 'dataloader'
import type { LocationBook, Locations } from './location-book.ts'
import { stockKey } from './store/stock-table.ts'

/** One request's reads: whatever is asked for in one tick becomes one call, and nothing is read twice. */
export interface InventoryLoaders {
  /** The stock row of a SKU, its levels still encoded. */
  readonly stock: DataLoader<string, Row | undefined>
  readonly locations: () => Promise<Locations>
}

export function createLoaders(store: TableStore, book: LocationBook): InventoryLoaders {
  return {
    stock: new DataLoader((skus: readonly string[]) => store.getMany(skus.map(stockKey))),
    locations: () => book.read(),
  }
}

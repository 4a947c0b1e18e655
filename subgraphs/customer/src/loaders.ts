import type { TableStore } from '@stoa/platform/table-store'
import DataLoader from 'dataloader'
import { loadCustomers, type StoredCustomer } from './store/customer-rows.ts'

/** One request's reads: whatever is asked for in one tick becomes one call, and nobody is read twice. */
export interface CustomerLoaders {
  readonly customers: DataLoader<string, StoredCustomer | undefined>
}

export function createLoaders(store: TableStore): CustomerLoaders {
  return { customers: new DataLoader((ids: readonly string[]) => loadCustomers(store, ids)) }
}

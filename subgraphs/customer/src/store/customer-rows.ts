import type { JsonObject } from '@stoa/platform/json'
import type { Row, RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Customer } from '../domain/customer.ts'

/** A customer as their row holds them. */
export interface StoredCustomer {
  readonly customer: Customer
  /** Of the row: goes up with each change. */
  readonly version: number
}

export function customerKey(customerId: string): RowKey {
  return { table: 'customer', partition: customerId, sort: 'profile' }
}

export function customerRow(customer: Customer, expect: NonNullable<RowWrite['expect']>): RowWrite {
  // A customer is plain data: interfaces lack the index signature that says so.
  return { ...customerKey(customer.customerId), value: customer as unknown as JsonObject, expect }
}

/** Holds an e-mail address for one account: whoever wants it too finds the row there. */
export function emailKey(email: string): RowKey {
  return { table: 'customer-email', partition: email.toLowerCase(), sort: 'customer' }
}

export function emailRow(email: string, customerId: string): RowWrite {
  return { ...emailKey(email), value: { customerId }, expect: 'absent' }
}

/** Same order as the ids. */
export async function loadCustomers(
  store: TableStore,
  customerIds: readonly string[],
): Promise<readonly (StoredCustomer | undefined)[]> {
  const rows = await store.getMany(customerIds.map(customerKey))
  return rows.map((row) => row && toStored(row))
}

function toStored(row: Row): StoredCustomer {
  // Written by customerRow, from a Customer.
  return { customer: row.value as unknown as Customer, version: row.version }
}

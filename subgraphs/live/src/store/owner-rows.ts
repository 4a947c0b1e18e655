import type { RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { OrderOwner } from '../domain/order-owner.ts'

export function ownerKey(orderId: string): RowKey {
  return { table: 'order-owners', partition: orderId, sort: 'owner' }
}

export function ownerRow(orderId: string, { customerId }: OrderOwner): RowWrite {
  return { ...ownerKey(orderId), value: customerId === undefined ? {} : { customerId } }
}

/** Undefined while nothing was heard of the order. */
export async function loadOwner(store: TableStore, orderId: string): Promise<OrderOwner | undefined> {
  const row = await store.get(ownerKey(orderId))
  const customerId = row?.value['customerId']
  return row && (typeof customerId === 'string' ? { customerId } : {})
}

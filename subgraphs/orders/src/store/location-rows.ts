import type { RowKey, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { EventLocationKind } from '@stoa/schema/events'

const TABLE = 'locations'
/** A few dozen rows: one partition holds them all. */
const PARTITION = 'all'

export function locationKey(locationId: string): RowKey {
  return { table: TABLE, partition: PARTITION, sort: locationId }
}

export function locationRow(locationId: string, kind: EventLocationKind): RowWrite {
  return { ...locationKey(locationId), value: { kind } }
}

/**
 * Whether goods may be picked up there: at stores only. While no location was told of at all, the list has not
 * arrived yet, and everything is left to inventory, which reserves at no place that it does not have.
 */
export async function isPickupLocation(store: TableStore, locationId: string): Promise<boolean> {
  const row = await store.get(locationKey(locationId))
  if (row) return row.value['kind'] === 'STORE'
  const { rows } = await store.query({ table: TABLE, partition: PARTITION, limit: 1 })
  return rows.length === 0
}

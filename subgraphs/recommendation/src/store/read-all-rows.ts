import type { Row, TableStore } from '@stoa/platform/table-store'

/** Every row of these partitions of a table, a page at a time. */
export async function readAllRows(
  store: TableStore,
  table: string,
  partitions: readonly string[],
): Promise<readonly Row[]> {
  const shards = await Promise.all(partitions.map((partition) => readPartition(store, table, partition)))
  return shards.flat()
}

async function readPartition(store: TableStore, table: string, partition: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  let after: string | undefined
  do {
    const page = await store.query({ table, partition, limit: 1000, ...(after && { after }) })
    rows.push(...page.rows)
    after = page.next
  } while (after !== undefined)
  return rows
}

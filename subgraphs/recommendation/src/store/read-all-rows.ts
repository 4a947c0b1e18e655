import type { Row, RowQuery, TableStore } from '@stoa/platform/table-store'

/** Every row of these partitions of a table. */
export async function readAllRows(
  store: TableStore,
  table: string,
  partitions: readonly string[],
): Promise<readonly Row[]> {
  const shards = await Promise.all(
    partitions.map(async (partition) =>
      (await Array.fromAsync(readPages(store, { table, partition }))).flat(),
    ),
  )
  return shards.flat()
}

/** The rows of one partition, a page at a time. */
export async function* readPages(
  store: TableStore,
  of: Pick<RowQuery, 'table' | 'partition'>,
): AsyncGenerator<readonly Row[]> {
  let after: string | undefined
  do {
    const page = await store.query({ ...of, limit: 1000, ...(after && { after }) })
    yield page.rows
    after = page.next
  } while (after !== undefined)
}

import { DuckDBInstance, type JS } from '@duckdb/node-api'

/** Answers of DuckDB as plain rows. */
export async function duck(sql: string): Promise<Record<string, JS>[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run("SET TimeZone = 'UTC'")
    const reader = await connection.runAndReadAll(sql)
    return reader.getRowObjectsJS()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

import type { Postgres } from '../../postgres/open.ts'

/**
 * Lines are numbers of transactions, and those of another cluster may be lower: after a dump was restored there, new
 * events would come before old ones and nobody would be told. No line can be above the highest number given out yet;
 * if one is, this is another cluster, and from here on so much is added that lines go on rising.
 */
export async function startLine({ database, schema }: { database: Postgres; schema: string }): Promise<void> {
  await database.run({
    text: `
      UPDATE ${schema}.line_start SET value = head.line + 1 - head.xmax
      FROM (
        SELECT coalesce((SELECT line FROM ${schema}.events ORDER BY line DESC LIMIT 1), 0) AS line,
          pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax
      ) AS head
      WHERE head.line >= head.xmax + line_start.value`,
  })
}

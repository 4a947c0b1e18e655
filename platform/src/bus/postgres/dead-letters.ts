import type { DeadLetter, DeadLetterQuery } from '../../event-bus.ts'
import type { Postgres, SqlValue } from '../../postgres/open.ts'
import { parseLetter } from '../stored-rows.ts'

/** Each in one statement. */
export interface PostgresDeadLetters {
  list(query: DeadLetterQuery): Promise<readonly DeadLetter[]>
  /** Where an answer got lost and it was done again, fewer are counted than were redriven or discarded. */
  redrive(query: DeadLetterQuery, run: string): Promise<number>
  discard(query: DeadLetterQuery): Promise<number>
}

/** `schema` is quoted. */
export function preparePostgresDeadLetters(database: Postgres, schema: string): PostgresDeadLetters {
  // Consumer, ids, limit; oldest event first.
  const selected = `
    FROM ${schema}.dead WHERE ($1::text IS NULL OR consumer = $1) AND ($2::text[] IS NULL OR id = ANY ($2))
    ORDER BY position, consumer LIMIT $3`
  const list = `
    SELECT chosen.*, body FROM (SELECT * ${selected}) chosen JOIN ${schema}.event USING (position)
    ORDER BY position, consumer`
  // Locked, so that two who redrive at once do not both have them.
  const taken = `
    WITH chosen AS (SELECT id ${selected} FOR UPDATE),
    gone AS (DELETE FROM ${schema}.dead d USING chosen WHERE d.id = chosen.id RETURNING d.*)`
  const redrive = `${taken}, revived AS (
      INSERT INTO ${schema}.waiting (consumer, position, run, stream, attempts, first_at, next_at, fresh)
      SELECT consumer, position, $4, stream, 0, 0, 0, 1 FROM gone)
    SELECT count(*) AS count FROM gone`
  const discard = `${taken} SELECT count(*) AS count FROM gone`

  async function count(text: string, values: readonly SqlValue[]): Promise<number> {
    const [row] = await database.run({ text }, values)
    return Number(row?.['count'])
  }

  return {
    list: async (query) => (await database.run({ text: list }, valuesOf(query))).map(parseLetter),
    redrive: (query, run) => count(redrive, [...valuesOf(query), run]),
    discard: (query) => count(discard, valuesOf(query)),
  }
}

function valuesOf({ consumer, ids, limit }: DeadLetterQuery): readonly SqlValue[] {
  return [consumer ?? null, ids ?? null, limit ?? 0]
}

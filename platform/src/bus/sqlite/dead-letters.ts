import type { DatabaseSync } from 'node:sqlite'
import type { DeadLetter, DeadLetterQuery } from '../../event-bus.ts'
import { parseLetter } from '../stored-rows.ts'

/** Dead letters as synchronous statements; the two that write run inside a transaction. */
export interface SqliteDeadLetters {
  list(query: DeadLetterQuery): readonly DeadLetter[]
  redrive(query: DeadLetterQuery, run: string): number
  discard(query: DeadLetterQuery): number
}

/** Consumer, ids as a JSON list, limit; oldest event first. */
const SELECTED = `
  FROM dead WHERE (?1 IS NULL OR consumer = ?1) AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))
  ORDER BY position, consumer LIMIT ?3`

export function prepareSqliteDeadLetters(db: DatabaseSync): SqliteDeadLetters {
  const list = db.prepare(`
    SELECT chosen.*, body FROM (SELECT * ${SELECTED}) chosen JOIN event USING (position)
    ORDER BY position, consumer`)
  const revive = db.prepare(`
    INSERT INTO waiting (consumer, position, run, stream, attempts, first_at, next_at, fresh)
    SELECT consumer, position, ?4, stream, 0, 0, 0, 1 ${SELECTED}`)
  const remove = db.prepare(`DELETE FROM dead WHERE id IN (SELECT id ${SELECTED})`)

  return {
    list: (query) => list.all(...valuesOf(query)).map(parseLetter),
    redrive(query, run) {
      revive.run(...valuesOf(query), run)
      return Number(remove.run(...valuesOf(query)).changes)
    },
    discard: (query) => Number(remove.run(...valuesOf(query)).changes),
  }
}

function valuesOf({ consumer, ids, limit }: DeadLetterQuery): [string | null, string | null, number] {
  return [consumer ?? null, ids ? JSON.stringify(ids) : null, limit ?? 0]
}

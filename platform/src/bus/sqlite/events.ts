import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Envelope } from '../../event.ts'
import type { LogEntry, LogRange } from '../bus-log.ts'
import { conditionsOf, parseBody } from '../stored-rows.ts'

/** The log itself, as synchronous statements. */
export interface SqliteEvents {
  /** Inside a transaction. Answers those whose id was new. */
  append(events: readonly Envelope[]): readonly LogEntry[]
  read(range: LogRange): readonly LogEntry[]
  at(position: number): Envelope | undefined
  last(): number
}

export function prepareSqliteEvents(db: DatabaseSync): SqliteEvents {
  const insert = db.prepare('INSERT INTO event (id, at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING')
  const at = db.prepare('SELECT body FROM event WHERE position = ?')
  const last = db.prepare('SELECT coalesce(max(position), 0) AS last FROM event')
  const reading = prepareReading(db)

  function appendOne(event: Envelope): readonly LogEntry[] {
    const { changes, lastInsertRowid } = insert.run(event.id, event.at, JSON.stringify(event))
    return Number(changes) === 0 ? [] : [{ position: Number(lastInsertRowid), event }]
  }

  return {
    append: (events) => events.flatMap(appendOne),
    read(range) {
      const { statement, values } = reading(range)
      return statement
        .all(...values)
        .map((row) => ({ position: Number(row['position']), event: parseBody(row) }))
    },
    at(position) {
      const row = at.get(position)
      return row && parseBody(row)
    },
    last: () => Number(last.get()?.['last']),
  }
}

interface Reading {
  readonly statement: StatementSync
  readonly values: readonly number[]
}

/** One statement per shape of range, prepared when first needed. */
function prepareReading(db: DatabaseSync): (range: LogRange) => Reading {
  const statements = new Map<string, StatementSync>()
  return (range) => {
    const conditions = conditionsOf(range)
    const where =
      conditions.length > 0
        ? `WHERE ${conditions.map(([comparison]) => `${comparison} ?`).join(' AND ')}`
        : ''
    const order = range.descending ? 'DESC' : 'ASC'
    const sql = `SELECT position, body FROM event ${where} ORDER BY position ${order} LIMIT ?`
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, statement)
    return { statement, values: [...conditions.map(([, value]) => value), range.limit] }
  }
}

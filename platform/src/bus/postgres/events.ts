import type { Envelope } from '../../event.ts'
import type { Postgres, Statement } from '../../postgres/open.ts'
import type { LogEntry, LogRange } from '../bus-log.ts'
import { conditionsOf, parseBody } from '../stored-rows.ts'

/** The log itself. */
export interface PostgresEvents {
  /** Answers those whose id was new. Calls back when it cannot know, as an answer got lost. */
  append(events: readonly Envelope[], onUnsure: () => void): Promise<readonly LogEntry[]>
  read(range: LogRange): Promise<readonly LogEntry[]>
  at(position: number): Promise<Envelope | undefined>
  last(): Promise<number>
}

/** `schema` is quoted. */
export function preparePostgresEvents(database: Postgres, schema: string): PostgresEvents {
  const append: Statement = {
    name: `${schema}.append_1`,
    text: `SELECT place, new_position FROM ${schema}.append_1($1, $2, $3)`,
  }
  const at: Statement = {
    name: `${schema}.at`,
    text: `SELECT body FROM ${schema}.event WHERE position = $1`,
  }

  return {
    async append(events, onUnsure) {
      const values = [
        events.map((event) => event.id),
        events.map((event) => event.at),
        events.map((event) => JSON.stringify(event)),
      ]
      const rows = await database.call((session, isRepeat) => {
        if (isRepeat) onUnsure()
        return session.run(append, values)
      })
      return rows.flatMap((row) => {
        const event = events[Number(row['place']) - 1]
        return event ? { position: Number(row['new_position']), event } : []
      })
    },
    async read(range) {
      const conditions = conditionsOf(range)
      const values = [range.limit, ...conditions.map(([, value]) => value)]
      const rows = await database.run(readStatement(schema, range, conditions), values)
      return rows.map((row) => ({ position: Number(row['position']), event: parseBody(row) }))
    },
    async at(position) {
      const [row] = await database.run(at, [position])
      return row && parseBody(row)
    },
    async last() {
      const [row] = await database.run(
        { name: `${schema}.last`, text: `SELECT last FROM ${schema}.head` },
        [],
      )
      return Number(row?.['last'])
    },
  }
}

/** One prepared statement per shape of range. */
function readStatement(
  schema: string,
  range: LogRange,
  conditions: ReturnType<typeof conditionsOf>,
): Statement {
  const compared = conditions.map(([comparison], i) => `${comparison} $${i + 2}`).join(' AND ')
  // PostgreSQL's names have 63 characters at most: p for position, a for at.
  const shape = conditions.map(([comparison]) => comparison.replace(/(?<=^.)\w+ /, '')).join('')
  const order = range.descending ? 'DESC' : 'ASC'
  const where = compared === '' ? '' : `WHERE ${compared}`
  return {
    name: `${schema}.${shape}${order}`,
    text: `SELECT position, body FROM ${schema}.event ${where} ORDER BY position ${order} LIMIT $1`,
  }
}

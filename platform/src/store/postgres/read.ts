import type { RecordedEvent } from '../../event.ts'
import type { StreamRange } from '../../event-store.ts'
import type { Postgres, SqlRow, Statement } from '../../postgres/open.ts'
import type { Row, RowKey, RowPage, RowQuery } from '../../table-store.ts'
import { type SortRange, sortRange } from '../sort-order.ts'

export interface PostgresReading {
  load(stream: string, range: Required<StreamRange>): Promise<readonly RecordedEvent[]>
  get(key: RowKey): Promise<Row | undefined>
  getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]>
  query(query: RowQuery): Promise<RowPage>
}

export const EVENT_FIELDS = 'stream, version, id, type, at, data, meta'
/** Keys of one statement; more are asked for at the same time in others. */
const KEYS_AT_ONCE = 1000

export function prepareReading(parts: {
  readonly database: Postgres
  readonly schema: string
}): PostgresReading {
  const { database, schema } = parts
  const load: Statement = {
    name: `${schema}.load`,
    text: `SELECT ${EVENT_FIELDS} FROM ${schema}.events WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3`,
  }
  const get: Statement = {
    name: `${schema}.get`,
    text: `SELECT version, value FROM ${schema}.rows WHERE tbl = $1 AND part = $2 AND sort = $3`,
  }
  // LIMIT 1 keeps the planner to one look into the index per key.
  const getMany: Statement = {
    name: `${schema}.get_many`,
    text: `
      SELECT i, version, value FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (t, p, s, i),
      LATERAL (SELECT version, value FROM ${schema}.rows WHERE tbl = t AND part = p AND sort = s LIMIT 1) AS found`,
  }

  async function getChunk(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]> {
    const found = await database.run(getMany, [
      keys.map((key) => key.table),
      keys.map((key) => key.partition),
      keys.map((key) => key.sort),
    ])
    const rows: (Row | undefined)[] = keys.map(() => undefined)
    for (const row of found) {
      const i = Number(row['i']) - 1
      const key = keys[i]
      if (key) rows[i] = toRow(key, row)
    }
    return rows
  }

  return {
    async load(stream, { after, limit }) {
      return (await database.run(load, [stream, after, limit])).map(toEvent)
    },
    async get(key) {
      const [row] = await database.run(get, [key.table, key.partition, key.sort])
      return row && toRow(key, row)
    },
    async getMany(keys) {
      if (keys.length <= KEYS_AT_ONCE) return keys.length === 0 ? [] : await getChunk(keys)
      const chunks: RowKey[][] = []
      for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) chunks.push(keys.slice(i, i + KEYS_AT_ONCE))
      return (await Promise.all(chunks.map(getChunk))).flat()
    },
    async query(query) {
      const range = sortRange(query)
      if (!range) return { rows: [] }
      const bounds = [range.above ?? range.from, ...(range.below === undefined ? [] : [range.below])]
      const statement = rangeStatement(schema, range, query.descending ?? false)
      // One more than asked for tells whether there is a next page.
      const values = [query.table, query.partition, query.limit + 1, ...bounds]
      return toPage(query, await database.run(statement, values))
    },
  }
}

/** One prepared statement per shape. */
function rangeStatement(schema: string, range: SortRange, descending: boolean): Statement {
  const lower = range.above === undefined ? '>=' : '>'
  const upper = range.below === undefined ? '' : 'AND sort < $5'
  const order = descending ? 'DESC' : 'ASC'
  return {
    name: `${schema}.query${lower}${upper && '<'}${order}`,
    text: `
      SELECT sort, version, value FROM ${schema}.rows
      WHERE tbl = $1 AND part = $2 AND sort ${lower} $4 ${upper} ORDER BY sort ${order} LIMIT $3`,
  }
}

function toPage(query: RowQuery, found: readonly SqlRow[]): RowPage {
  const { table, partition, limit } = query
  const rows = found.slice(0, limit).map((row) => toRow({ table, partition, sort: String(row['sort']) }, row))
  const next = rows.at(-1)?.sort
  return found.length > limit && next !== undefined ? { rows, next } : { rows }
}

function toRow({ table, partition, sort }: RowKey, row: SqlRow): Row {
  return { table, partition, sort, version: Number(row['version']), value: JSON.parse(String(row['value'])) }
}

export function toEvent(row: SqlRow): RecordedEvent {
  return {
    id: String(row['id']),
    type: String(row['type']),
    at: Number(row['at']),
    data: JSON.parse(String(row['data'])),
    meta: JSON.parse(String(row['meta'])),
    stream: String(row['stream']),
    version: Number(row['version']),
  }
}

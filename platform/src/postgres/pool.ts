import { type ClientConfig, Pool, type PoolClient, type QueryConfig, types } from 'pg'
import type { Session, SqlValue } from './open.ts'
import { fromSqlText, toSqlText } from './text.ts'

export interface PoolOptions {
  /** `postgres://user:password@host:5432/database`; several stores and a bus may share one database. */
  readonly url: string
  /** Asked before each new connection, for passwords that run out, as Aurora's IAM tokens do. Default: the URL's. */
  readonly password?: () => Promise<string>
  /** Default 10; one more listens where something follows. */
  readonly maxConnections?: number
  /** How long a call waits for a connection, in milliseconds. Default 3,000. */
  readonly connectMs?: number
  /** After this the server ends a statement; two seconds later we give up on it. Milliseconds. Default 5,000. */
  readonly statementMs?: number
  /** After this an idle connection is closed. Milliseconds. Default 30,000. */
  readonly idleMs?: number
}

const GRACE_MS = 2000
/** A failover moves the primary's name to another machine; old connections must not outlive that for long. */
const LIFETIME_S = 1800

/** Bounded in number, and in every wait. */
export function openPool(options: PoolOptions): Pool {
  const { maxConnections = 10, connectMs = 3000, statementMs = 5000, idleMs = 30_000 } = options
  const pool = new Pool({
    ...connectionOf(options),
    application_name: 'stoa',
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs + GRACE_MS,
    query_timeout: statementMs + GRACE_MS,
    idleTimeoutMillis: idleMs,
    maxLifetimeSeconds: LIFETIME_S,
    keepAlive: true,
    allowExitOnIdle: true,
    types: { getTypeParser },
    onConnect: async (client) => void (await client.query(SETTINGS)),
  })
  // A connection that breaks in our hands also rejects the statement; there the error is dealt with.
  return pool.on('connect', (client) => void client.on('error', () => {}))
}

/** The client forgets a password that is not in the URL, so then it is given the URL's parts. */
export function connectionOf({ url, password }: Pick<PoolOptions, 'url' | 'password'>): ClientConfig {
  if (!password) return { connectionString: url }
  const { hostname, port, username, pathname, searchParams } = new URL(url)
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    password,
    ssl: (searchParams.get('sslmode') ?? 'disable') !== 'disable',
  }
}

/**
 * All our statements go by keys, and are planned once per connection: neither again for every list of another length,
 * nor so that tables are read whole because they were small at that moment.
 */
const SETTINGS = `
  SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off;
  SET default_transaction_isolation = 'read committed'`

/** As the client takes it; its types know the timeout only for all queries. */
interface TimedQuery extends QueryConfig<unknown[]> {
  readonly query_timeout: number | undefined
}

export function openSession(client: PoolClient): Session {
  return {
    async run({ name, text, withinMs }, values) {
      const query: TimedQuery = { name, text, query_timeout: withinMs }
      // Without values a text may hold several statements.
      if (values) query.values = values.map(toSql)
      const result = await client.query(query)
      return result.rows
    },
  }
}

function toSql(value: SqlValue): unknown {
  if (typeof value === 'string') return toSqlText(value)
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? toSqlText(one) : one)) : value
}

/** Whole numbers of ours are safe ones, so int8 (20) can be a number; text (25) may hide NULs. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === 20) return Number
  return oid === 25 ? fromSqlText : types.getTypeParser(oid, format === 'binary' ? 'text' : format)
}

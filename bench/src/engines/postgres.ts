import { randomUUID } from 'node:crypto'
import { systemClock } from '@stoa/platform/clock'
import type { EventStore, Transaction } from '@stoa/platform/event-store'
import { openPostgresStore } from '@stoa/platform/event-store.postgres'
import { silentLog } from '@stoa/platform/log'
import { openPostgres } from '@stoa/platform/postgres-open'
import { systemRandom } from '@stoa/platform/random'
import { startPostgres } from '@stoa/servers/postgres'
import { Pool } from 'pg'
import { type Contest, inTurns } from './in-turns.ts'
import { keyOf, stock, transactionOf, valuesOf } from './postgres-goods.ts'

const ports = { clock: systemClock, random: systemRandom, log: silentLog }
const CONNECTIONS = 10
const SCHEMA = 'bench'
const KEYS_AT_ONCE = 50
const AT_ONCE = { atOnce: 32 }

/**
 * PostgreSQL behind our port and by the `pg` client alone: the same statements, prepared, over a pool of the same
 * size with the same settings, JSON written and read on both sides. Beside them a commit as it is mostly written by hand: BEGIN, one
 * statement after the other, COMMIT. Takes about 40 s.
 */
export async function measurePostgres(): Promise<Record<string, number>> {
  await using server = await startPostgres()
  await using database = openPostgres({ ...ports, url: server.endpoint, maxConnections: CONNECTIONS })
  await using store = await openPostgresStore({ ...ports, database, schema: SCHEMA })
  const options = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off'
  const pool = new Pool({ connectionString: server.endpoint, max: CONNECTIONS, options })
  try {
    await stock(store)
    return {
      ...(await named('Commit', 'Commits', commits(store, pool, 1))),
      ...(await named('Transaction', 'Transactions', commits(store, pool, 10))),
      ...(await handWritten(store, pool)),
      ...(await named('Get', 'Gets', gets(store, pool))),
      ...(await named('GetMany', 'GetMany', getMany(store, pool))),
      ...(await named('Load', 'Loads', loads(store, pool))),
    }
  } finally {
    await pool.end()
  }
}

async function named(one: string, many: string, contest: Contest): Promise<Record<string, number>> {
  const { perSecond, barePerSecond, overheadPercent, p99Ms } = await inTurns(contest)
  return {
    [`postgres${many}PerSecond`]: perSecond,
    [`postgresBare${many}PerSecond`]: barePerSecond,
    [`postgres${one}OverheadPercent`]: overheadPercent,
    [`postgres${one}P99Ms`]: p99Ms,
  }
}

/** `size` events and as many rows in each. */
function commits(store: EventStore, pool: Pool, size: number): Contest {
  const name = `commit${size}`
  const text = `SELECT ${SCHEMA}.commit_1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
  return {
    ...AT_ONCE,
    ours: (n) => store.commit(transactionOf(`ours-${size}-${n}`, size)),
    bare: (n) => pool.query({ name, text, values: valuesOf(transactionOf(`bare-${size}-${n}`, size)) }),
  }
}

/** Below zero percent: ours takes less time than four statements, each with its own round trip. */
async function handWritten(store: EventStore, pool: Pool): Promise<Record<string, number>> {
  const { barePerSecond, overheadPercent } = await inTurns({
    ...AT_ONCE,
    ours: (n) => store.commit(transactionOf(`by-function-${n}`, 1)),
    bare: (n) => commitByHand(pool, transactionOf(`by-hand-${n}`, 1)),
  })
  return {
    postgresHandWrittenCommitsPerSecond: barePerSecond,
    postgresCommitOverHandWrittenPercent: overheadPercent,
  }
}

async function commitByHand(pool: Pool, transaction: Transaction): Promise<void> {
  const [, , stream, version, id, type, at, data, meta, table, partition, sort, , value] = valuesOf(
    transaction,
  )
    .slice(2)
    .map((list) => (Array.isArray(list) ? list[0] : list))
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query({
      name: 'by-hand-event',
      text: `INSERT INTO ${SCHEMA}.events (line, place, commit, stream, version, id, type, at, data, meta)
        VALUES (pg_current_xact_id()::text::bigint, 1, $1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [randomUUID(), stream, version, id, type, at, data, meta],
    })
    await client.query({
      name: 'by-hand-row',
      text: `INSERT INTO ${SCHEMA}.rows (tbl, part, sort, version, value) VALUES ($1, $2, $3, 1, $4)`,
      values: [table, partition, sort, value],
    })
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

function gets(store: EventStore, pool: Pool): Contest {
  const text = `SELECT version, value FROM ${SCHEMA}.rows WHERE tbl = $1 AND part = $2 AND sort = $3`
  return {
    ...AT_ONCE,
    ours: (n) => store.get(keyOf(n)),
    async bare(n) {
      const { table, partition, sort } = keyOf(n)
      const { rows } = await pool.query({ name: 'get', text, values: [table, partition, sort] })
      return { version: Number(rows[0].version), value: JSON.parse(rows[0].value) }
    },
  }
}

function getMany(store: EventStore, pool: Pool): Contest {
  const keys = (n: number) => Array.from({ length: KEYS_AT_ONCE }, (_, i) => keyOf(n * KEYS_AT_ONCE + i))
  const text = `
    SELECT i, version, value FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (t, p, s, i),
    LATERAL (SELECT version, value FROM ${SCHEMA}.rows WHERE tbl = t AND part = p AND sort = s LIMIT 1) AS found`
  return {
    ...AT_ONCE,
    ours: (n) => store.getMany(keys(n)),
    async bare(n) {
      const asked = keys(n)
      const values = [
        asked.map((key) => key.table),
        asked.map((key) => key.partition),
        asked.map((key) => key.sort),
      ]
      const { rows } = await pool.query({ name: 'get-many', text, values })
      return rows.map((row) => ({
        i: Number(row.i),
        version: Number(row.version),
        value: JSON.parse(row.value),
      }))
    },
  }
}

function loads(store: EventStore, pool: Pool): Contest {
  const text = `
    SELECT stream, version, id, type, at, data, meta FROM ${SCHEMA}.events WHERE stream = $1 AND version > $2
    ORDER BY version LIMIT $3`
  return {
    ...AT_ONCE,
    ours: (n) => store.load(`stock-${n % 100}`),
    async bare(n) {
      const { rows } = await pool.query({ name: 'load', text, values: [`stock-${n % 100}`, 0, 1000] })
      return rows.map((row) => ({
        ...row,
        version: Number(row.version),
        at: Number(row.at),
        data: JSON.parse(row.data),
        meta: JSON.parse(row.meta),
      }))
    },
  }
}

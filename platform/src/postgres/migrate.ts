import { type Clock, sleep } from '../clock.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Random } from '../random.ts'
import { errorCode, isAnswer, postgresFault, readPostgresError } from './errors.ts'
import type { Postgres, Session } from './open.ts'

/** One step of a schema; steps are numbered from 1 by their place in the list, and only ever added to its end. */
export interface Migration {
  readonly name: string
  /**
   * SQL, given the quoted name of the schema. All of a step happens or nothing of it; it is undone and tried again
   * when it would hold its locks for longer than a second.
   */
  readonly sql?: (schema: string) => string
  /** An index built beside running writes, for tables that have rows: its name, and what it is on. */
  readonly index?: { readonly name: string; readonly on: (schema: string) => string }
}

export interface MigrateParts {
  readonly database: Postgres
  readonly clock: Clock
  readonly random: Random
  /** The PostgreSQL schema all of it lies in. Created when missing. */
  readonly schema: string
  /** What is kept there: `store`, `bus`. Each has versions of its own. */
  readonly part: string
  readonly migrations: readonly Migration[]
  readonly log?: Log
}

/** How long others may hold what we need, in milliseconds. */
const BUDGET_MS = 60_000
const LONGEST_PAUSE_MS = 1000
/** An index over many millions of rows takes its time, and disturbs nobody. */
const BUILD_MS = 6 * 3_600_000

/**
 * Brings a schema to the newest version; however many processes start at once, each step happens once. Waits up to a
 * minute for a server that is not there yet, or for what others lock.
 * Faults: BAD_SCHEMA (written by a newer program), BAD_CONFIG (name, rights), STORE_UNAVAILABLE.
 */
export async function migratePostgres(parts: MigrateParts): Promise<void> {
  checkSchemaName(parts.schema)
  const until = parts.clock.now() + BUDGET_MS
  for (;;) {
    try {
      return await parts.database.once((session) => migrate(parts, session))
    } catch (reason) {
      if (!mayPass(reason) || parts.clock.now() >= until) throw postgresFault(reason)
      parts.log?.warn(
        { schema: parts.schema, code: errorCode(reason) },
        'PostgreSQL is not ready for us; trying again',
      )
    }
    await sleep(parts.clock, Math.ceil(parts.random.next() * LONGEST_PAUSE_MS))
  }
}

/** Quoted, for use in SQL. Only after `migratePostgres` has seen that it is a plain name. */
export function quoteSchema(schema: string): string {
  return `"${schema}"`
}

/** `_` and digits keep it readable in psql; 40 leave room for what is built from it within PostgreSQL's 63. */
function checkSchemaName(schema: string): void {
  if (/^[a-z][a-z0-9_-]{0,39}$/.test(schema)) return
  throw new Fault(
    'BAD_CONFIG',
    `Expected a PostgreSQL schema of up to 40 of a-z, 0-9, _ and -, got ${JSON.stringify(schema)}.`,
  )
}

async function migrate(parts: MigrateParts, session: Session): Promise<void> {
  const schema = quoteSchema(parts.schema)
  const done = await versionOf(parts, session)
  if (done === undefined) await session.run({ text: LEDGER(schema) })
  checkVersion(parts, done ?? 0)
  for (const [i, migration] of parts.migrations.entries()) {
    if (i < (done ?? 0)) continue
    if (migration.index) await buildIndex(session, schema, migration.index)
    await takeStep(session, stepOf(parts, migration, i + 1))
  }
}

async function takeStep(session: Session, text: string): Promise<void> {
  try {
    await session.run({ text })
  } catch (reason) {
    if (isAnswer(reason)) await session.run({ text: 'ROLLBACK' })
    throw reason
  }
}

function checkVersion({ schema, part, migrations }: MigrateParts, found: number): void {
  if (found <= migrations.length) return
  throw new Fault(
    'BAD_SCHEMA',
    `The ${part} in the PostgreSQL schema "${schema}" has version ${found}, this program knows up to ` +
      `${migrations.length}. Start the newer program, or choose another schema.`,
  )
}

/** Undefined when nothing was ever kept there. */
async function versionOf({ schema, part }: MigrateParts, session: Session): Promise<number | undefined> {
  const ledger = `${quoteSchema(schema)}.migration`
  const [found] = await session.run({ text: 'SELECT to_regclass($1) IS NOT NULL AS known' }, [ledger])
  if (found?.['known'] !== true) return undefined
  const [row] = await session.run({ text: `SELECT max(version) AS version FROM ${ledger} WHERE part = $1` }, [
    part,
  ])
  return Number(row?.['version'] ?? 0)
}

const LEDGER = (schema: string): string => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.migration (
    part text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (part, version)
  )`

/**
 * One message to the server, so nobody waits for our round trips. Whoever comes second finds the row of the ledger
 * and is undone (SQLSTATE 23505). The first step makes tables that nobody knows yet: it may take its time.
 */
function stepOf({ schema, part }: MigrateParts, { name, sql }: Migration, version: number): string {
  const quoted = quoteSchema(schema)
  return `
    BEGIN;
    SET LOCAL lock_timeout = '900ms';
    INSERT INTO ${quoted}.migration (part, version, name) VALUES ('${part}', ${version}, '${name}');
    ${sql?.(quoted) ?? ''};
    ${version === 1 ? '' : IN_TIME};
    COMMIT`
}

const IN_TIME = `
  DO $$ BEGIN
    IF clock_timestamp() - transaction_timestamp() > interval '1 second' THEN
      RAISE 'this migration holds its locks for too long' USING ERRCODE = '55P03';
    END IF;
  END $$`

/** One that was begun and left is not valid: it is built again, which harms nothing if it was valid after all. */
async function buildIndex(
  session: Session,
  schema: string,
  { name, on }: NonNullable<Migration['index']>,
): Promise<void> {
  const text = 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)'
  const [found] = await session.run({ text }, [`${schema}.${name}`])
  if (found?.['valid'] === true) return
  const build = found
    ? `REINDEX INDEX CONCURRENTLY ${schema}.${name}`
    : `CREATE INDEX CONCURRENTLY ${name} ON ${on(schema)}`
  await session.run({ text: "SET lock_timeout = '900ms'; SET statement_timeout = 0" })
  try {
    await session.run({ text: build, withinMs: BUILD_MS })
  } finally {
    await session.run({ text: 'RESET lock_timeout; RESET statement_timeout' })
  }
}

/** Others migrate at the same time, or hold a lock: 23505 and 42P06 … 42710 are what the second of two is told. */
function mayPass(reason: unknown): boolean {
  const code = errorCode(reason)
  return RACES.has(code) || (readPostgresError(reason)?.again ?? 'no') !== 'no'
}

const RACES: ReadonlySet<string> = new Set(['23505', '42P06', '42P07', '42710', '42723', 'XX000'])

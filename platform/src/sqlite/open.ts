import { mkdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../fault.ts'
import { isBusy, sqliteFault } from './fault.ts'

export interface SqliteOptions {
  /** A file, made with its folder when missing, or `:memory:`. */
  readonly path: string
  /** SQL that brings the schema from version i to i + 1; only ever added to. */
  readonly migrations: readonly string[]
  /** Refuse to grow beyond this; full disks are met the same way. Bytes. Default: as far as the disk goes. */
  readonly maxBytes?: number
}

/** How long one statement waits for another process's lock; the event loop stands still meanwhile. */
const BUSY_MS = 250
const PAGE_BYTES = 4096

/**
 * Opens a database with the pragmas of this house and the newest schema.
 * Faults: READ_ONLY_STORE, STORE_CORRUPT, STORE_UNAVAILABLE (locked), DISK_FULL, BAD_SCHEMA (written by a newer program).
 */
export function openSqlite(options: SqliteOptions): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    if (!isMemory(options.path)) mkdirSync(dirname(options.path), { recursive: true })
    db = new DatabaseSync(options.path, { timeout: BUSY_MS })
    applyPragmas(db, options)
    migrate(db, options)
    assertWritable(db)
    return db
  } catch (reason) {
    db?.close()
    throw sqliteFault(reason, options.path)
  }
}

export function isMemory(path: string): boolean {
  return path === ':memory:'
}

/** FULL: an acknowledged commit survives a power cut, https://www.sqlite.org/pragma.html#pragma_synchronous */
function applyPragmas(db: DatabaseSync, options: SqliteOptions): void {
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000')
  if (!isMemory(options.path)) {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864')
  }
  if (options.maxBytes !== undefined)
    db.exec(`PRAGMA max_page_count = ${Math.ceil(options.maxBytes / PAGE_BYTES)}`)
}

function migrate(db: DatabaseSync, options: SqliteOptions): void {
  if (schemaVersion(db, options) === options.migrations.length) return
  db.exec('BEGIN IMMEDIATE')
  try {
    // Read again under the lock: another process may have migrated meanwhile.
    for (const sql of options.migrations.slice(schemaVersion(db, options))) db.exec(sql)
    db.exec(`PRAGMA user_version = ${options.migrations.length}`)
    db.exec('COMMIT')
  } catch (reason) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw reason
  }
}

/** SQLite opens a read-only file without a word; better to hear of it now than at the first order. */
function assertWritable(db: DatabaseSync): void {
  try {
    db.exec('BEGIN IMMEDIATE; PRAGMA user_version = 0; ROLLBACK')
  } catch (reason) {
    if (db.isTransaction) db.exec('ROLLBACK')
    if (!isBusy(reason)) throw reason
  }
}

function schemaVersion(db: DatabaseSync, { path, migrations }: SqliteOptions): number {
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  if (found <= migrations.length) return found
  throw new Fault(
    'BAD_SCHEMA',
    `The database "${basename(path)}" has schema version ${found}, this program knows up to ${migrations.length}. ` +
      'Start the newer program, or choose another data folder.',
  )
}

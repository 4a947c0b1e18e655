import { existsSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { sqliteFault } from './fault.ts'

/** Copies a database, in use or not, as it is at one moment; `to` must not be there. Throws faults of SQLite. */
export async function backUpSqlite(from: string, to: string): Promise<void> {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(from, { readOnly: true })
    await backup(db, to)
  } catch (reason) {
    throw sqliteFault(reason, existsSync(from) ? to : from)
  } finally {
    db?.close()
  }
}

/**
 * Lets a consumer of a store's change feed begin again at the beginning. For a store that nobody has open: a copy whose
 * consumer may have been told less than the checkpoint says.
 */
export function rewindFeed(path: string, consumer: string): void {
  try {
    using db = new DatabaseSync(path)
    db.prepare('DELETE FROM checkpoints WHERE consumer = ?').run(consumer)
  } catch (reason) {
    throw sqliteFault(reason, path)
  }
}

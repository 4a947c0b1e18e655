import type { DatabaseSync } from 'node:sqlite'
import type { ConsumerChange } from '../bus-log.ts'

/** Writes what consumers note, inside a transaction. Answers those whose lease is lost. */
export type SaveProgress = (changes: readonly ConsumerChange[]) => readonly string[]

export function prepareSqliteProgress(db: DatabaseSync): SaveProgress {
  const move = db.prepare('UPDATE consumer SET cursor = coalesce(?3, cursor) WHERE name = ?1 AND fence = ?2')
  const put = db.prepare(`
    INSERT OR REPLACE INTO waiting (consumer, position, run, stream, attempts, first_at, next_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const drop = db.prepare('DELETE FROM waiting WHERE consumer = ? AND position = ? AND run = ?')
  const die = db.prepare('INSERT OR REPLACE INTO dead VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const moveReplay = db.prepare('UPDATE replay SET cursor = ?3 WHERE consumer = ?1 AND run = ?2')
  const endReplay = db.prepare('DELETE FROM replay WHERE consumer = ? AND run = ?')

  /** The old owner's late word counts for nothing: its fence is too low. */
  function isSaved(change: ConsumerChange): boolean {
    const { consumer, fence } = change.lease
    if (Number(move.run(consumer, fence, change.cursor ?? null).changes) === 0) return false
    for (const one of change.put) {
      put.run(consumer, one.position, one.run, one.stream, one.attempts, one.firstAt, one.nextAt)
    }
    for (const one of change.drop) drop.run(consumer, one.position, one.run)
    saveDead(change)
    saveReplays(change)
    return true
  }

  function saveReplays({ lease, replays }: ConsumerChange): void {
    for (const { run, cursor } of replays) {
      if (cursor === undefined) endReplay.run(lease.consumer, run)
      else moveReplay.run(lease.consumer, run, cursor)
    }
  }

  function saveDead({ lease, dead }: ConsumerChange): void {
    for (const one of dead) {
      const error = [one.errorCode, one.errorMessage, one.exhausted] as const
      const times = [one.attempts, one.firstAt, one.lastAt] as const
      die.run(one.id, lease.consumer, one.position, one.stream, ...times, ...error)
    }
  }

  return (changes) => changes.filter((change) => !isSaved(change)).map(({ lease }) => lease.consumer)
}

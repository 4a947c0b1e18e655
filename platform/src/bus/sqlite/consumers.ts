import type { DatabaseSync } from 'node:sqlite'
import type { Adopted, Claim, ClaimRequest, Lease, Replay, StoredConsumer } from '../bus-log.ts'
import { parseReplay, parseStored, parseWaiting } from '../stored-rows.ts'

/** Who owns a consumer, where it stands and what waits for it, as synchronous statements. */
export interface SqliteConsumers {
  /** Inside a transaction. `start` is the cursor of a consumer never seen before. */
  claim(
    request: ClaimRequest,
    until: { readonly start: number; readonly expiresAt: number },
  ): Claim | undefined
  /** Whether it is still ours. */
  renew(lease: Lease, expiresAt: number): boolean
  release(lease: Lease): void
  /** Whether anybody asked for a redrive or a replay that its owner does not know yet. */
  hasFresh(): boolean
  /** Inside a transaction; undefined when there is nothing, or the lease is lost. */
  takeFresh(lease: Lease): Adopted | undefined
  addReplay(replay: Replay & { readonly consumer: string }): void
  stored(): readonly StoredConsumer[]
}

export function prepareSqliteConsumers(db: DatabaseSync): SqliteConsumers {
  const find = db.prepare('SELECT cursor, owner, fence, expires_at FROM consumer WHERE name = ?')
  const write = db.prepare(`
    INSERT INTO consumer (name, cursor, pattern, imported, owner, fence, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)
    ON CONFLICT (name) DO UPDATE SET pattern = ?3, imported = ?4, owner = ?5, fence = fence + 1, expires_at = ?6`)
  const renew = db.prepare('UPDATE consumer SET expires_at = ?3 WHERE name = ?1 AND fence = ?2')
  const isOurs = db.prepare('SELECT 1 FROM consumer WHERE name = ? AND fence = ?')
  const queues = prepareQueues(db)
  const stored = db.prepare(`
    SELECT name, cursor, pattern, imported,
      (SELECT count(*) FROM waiting WHERE consumer = name) AS waiting,
      (SELECT count(DISTINCT stream) FROM waiting WHERE consumer = name) AS parked,
      (SELECT count(*) FROM dead WHERE consumer = name) AS dead
    FROM consumer ORDER BY name`)

  return {
    claim(request, { start, expiresAt }) {
      const { consumer, owner, pattern, imported, now } = request
      const found = find.get(consumer)
      if (found && found['owner'] !== owner && Number(found['expires_at']) > now) return undefined
      write.run(consumer, start, JSON.stringify(pattern), imported ? 1 : 0, owner, expiresAt)
      const row = find.get(consumer)
      const lease = { consumer, owner, fence: Number(row?.['fence']) }
      return { lease, cursor: Number(row?.['cursor']), ...queues.takeAll(consumer) }
    },
    renew: (lease, expiresAt) => Number(renew.run(lease.consumer, lease.fence, expiresAt).changes) > 0,
    release: (lease) => void renew.run(lease.consumer, lease.fence, 0),
    hasFresh: queues.hasFresh,
    takeFresh: (lease) =>
      isOurs.get(lease.consumer, lease.fence) ? queues.takeFresh(lease.consumer) : undefined,
    addReplay: queues.addReplay,
    stored: () => stored.all().map(parseStored),
  }
}

interface Queues {
  takeAll(consumer: string): Adopted
  takeFresh(consumer: string): Adopted | undefined
  hasFresh(): boolean
  addReplay(replay: Replay & { readonly consumer: string }): void
}

function prepareQueues(db: DatabaseSync): Queues {
  const waiting = db.prepare('SELECT * FROM waiting WHERE consumer = ? AND fresh >= ? ORDER BY position, run')
  const replays = db.prepare('SELECT * FROM replay WHERE consumer = ? AND fresh >= ?')
  const knowWaiting = db.prepare('UPDATE waiting SET fresh = 0 WHERE consumer = ? AND fresh = 1')
  const knowReplays = db.prepare('UPDATE replay SET fresh = 0 WHERE consumer = ? AND fresh = 1')
  const fresh = db.prepare(`
    SELECT EXISTS (SELECT 1 FROM waiting WHERE fresh = 1) OR EXISTS (SELECT 1 FROM replay WHERE fresh = 1) AS found`)
  const add = db.prepare('INSERT INTO replay (consumer, run, cursor, until, scope) VALUES (?, ?, ?, ?, ?)')

  function take(consumer: string, atLeast: 0 | 1): Adopted {
    const adopted = {
      waiting: waiting.all(consumer, atLeast).map(parseWaiting),
      replays: replays.all(consumer, atLeast).map(parseReplay),
    }
    knowWaiting.run(consumer)
    knowReplays.run(consumer)
    return adopted
  }

  return {
    takeAll: (consumer) => take(consumer, 0),
    takeFresh(consumer) {
      const adopted = take(consumer, 1)
      return adopted.waiting.length + adopted.replays.length > 0 ? adopted : undefined
    },
    hasFresh: () => fresh.get()?.['found'] === 1,
    addReplay({ consumer, run, cursor, until, ...scope }) {
      add.run(consumer, run, cursor, until, JSON.stringify(scope))
    },
  }
}

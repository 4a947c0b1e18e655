import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { RecordedEvent } from '../../event.ts'
import type { StreamRange } from '../../event-store.ts'
import type { PositionBatch } from '../position-feed.ts'
import type { PreparedAppend } from '../prepared-transaction.ts'

/** The statements over events and checkpoints; all synchronous, errors are SQLite's own. */
export interface SqliteEvents {
  load(stream: string, range: Required<StreamRange>): readonly RecordedEvent[]
  /** The version of a stream, 0 when there is none. */
  head(stream: string): number
  append(append: PreparedAppend): void
  checkpoint(consumer: string): number
  read(after: number, limit: number): PositionBatch
  save(consumer: string, position: number): void
}

const FIELDS = 'stream, version, id, type, at, data, meta'

export function prepareEvents(db: DatabaseSync): SqliteEvents {
  const load = db.prepare(
    `SELECT ${FIELDS} FROM events WHERE stream = ? AND version > ? ORDER BY version LIMIT ?`,
  )
  const head = db.prepare('SELECT max(version) AS head FROM events WHERE stream = ?')
  const insert = db.prepare(`INSERT INTO events (${FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const checkpoint = db.prepare('SELECT position FROM checkpoints WHERE consumer = ?')
  const save = db.prepare('INSERT OR REPLACE INTO checkpoints (consumer, position) VALUES (?, ?)')
  const read = db.prepare(
    `SELECT position, ${FIELDS} FROM events WHERE position > ? ORDER BY position LIMIT ?`,
  )

  return {
    load: (stream, { after, limit }) => load.all(stream, after, limit).map(toEvent),
    head: (stream) => Number(head.get(stream)?.['head'] ?? 0),
    append({ stream, expectedVersion, events }) {
      let version = expectedVersion
      for (const { id, type, at, data, meta } of events)
        insert.run(stream, ++version, id, type, at, data, meta)
    },
    checkpoint: (consumer) => Number(checkpoint.get(consumer)?.['position'] ?? 0),
    save: (consumer, position) => void save.run(consumer, position),
    read(after, limit) {
      const rows = read.all(after, limit)
      return { events: rows.map(toEvent), position: Number(rows.at(-1)?.['position'] ?? after) }
    },
  }
}

function toEvent(row: Record<string, SQLOutputValue>): RecordedEvent {
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

import type { Envelope } from '../event.ts'
import type { DeadLetter } from '../event-bus.ts'
import type { EventPattern } from '../event-pattern.ts'
import { invariant } from '../invariant.ts'
import type { LogRange, Replay, StoredConsumer, Waiting } from './bus-log.ts'

/** What the tables of a log hold, by column: the same in every SQL engine. */
export type SqlRow = Readonly<Record<string, unknown>>

export function parseBody(row: SqlRow): Envelope {
  // Written from an Envelope when it was appended.
  return JSON.parse(String(row['body'])) as Envelope
}

export function parseWaiting(row: SqlRow): Waiting {
  return {
    position: Number(row['position']),
    run: String(row['run']),
    stream: String(row['stream']),
    attempts: Number(row['attempts']),
    firstAt: Number(row['first_at']),
    nextAt: Number(row['next_at']),
  }
}

export function parseReplay(row: SqlRow): Replay {
  // Written when the replay was added, from the rest of it.
  const scope = JSON.parse(String(row['scope'])) as Pick<Replay, 'from' | 'to' | 'pattern'>
  return { run: String(row['run']), cursor: Number(row['cursor']), until: Number(row['until']), ...scope }
}

export function parseStored(row: SqlRow): StoredConsumer {
  return {
    name: String(row['name']),
    cursor: Number(row['cursor']),
    // Compiled, and so checked, before it was written.
    pattern: JSON.parse(String(row['pattern'])) as EventPattern,
    imported: row['imported'] === 1,
    waiting: Number(row['waiting']),
    parked: Number(row['parked']),
    deadLetters: Number(row['dead']),
  }
}

export function parseLetter(row: SqlRow): DeadLetter {
  return {
    id: String(row['id']),
    consumer: String(row['consumer']),
    event: parseBody(row),
    attempts: Number(row['attempts']),
    firstAt: Number(row['first_at']),
    lastAt: Number(row['last_at']),
    errorCode: String(row['error_code']),
    errorMessage: String(row['error_message']),
    exhausted: parseExhausted(row['exhausted']),
  }
}

function parseExhausted(text: unknown): DeadLetter['exhausted'] {
  invariant(
    text === 'attempts' || text === 'age' || text === 'not_retryable',
    `dead.exhausted is ${String(text)}`,
  )
  return text
}

/** What a range asks for, as comparisons that end in a placeholder; `LIMIT` and order are not among them. */
export function conditionsOf(range: LogRange): readonly (readonly [comparison: string, value: number])[] {
  const all = [
    [range.descending ? 'position <' : 'position >', range.after],
    ['position <=', range.until],
    ['at >=', range.from],
    ['at <', range.to],
  ] as const
  return all.flatMap(([sql, value]) => (value === undefined ? [] : [[sql, value] as const]))
}

import type { Postgres, Session } from '../../postgres/open.ts'
import type {
  Adopted,
  Claim,
  ClaimRequest,
  ConsumerChange,
  Lease,
  Replay,
  StoredConsumer,
} from '../bus-log.ts'
import { parseReplay, parseStored, parseWaiting } from '../stored-rows.ts'

/** Who owns a consumer, where it stands and what waits for it. Leases run by the database's clock. */
export interface PostgresConsumers {
  claim(request: ClaimRequest): Promise<Claim | undefined>
  /** Answers the names of those that are not ours any more. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<readonly string[]>
  release(lease: Lease): Promise<void>
  save(changes: readonly ConsumerChange[]): Promise<readonly string[]>
  addReplay(replay: Replay & { readonly consumer: string }): Promise<void>
  stored(): Promise<readonly StoredConsumer[]>
}

export interface ConsumerParts {
  readonly database: Postgres
  /** Quoted. */
  readonly schema: string
  readonly leaseMs: number
}

export function preparePostgresConsumers({ database, schema, leaseMs }: ConsumerParts): PostgresConsumers {
  const text = textsOf(schema)

  async function claim(session: Session, request: ClaimRequest): Promise<Claim | undefined> {
    const { consumer, owner, from, pattern, imported } = request
    const values = [
      consumer,
      from === 'latest',
      JSON.stringify(pattern),
      imported ? 1 : 0,
      owner,
      `${leaseMs} ms`,
    ]
    const [row] = await session.run({ text: text.claim }, values)
    if (!row) return undefined
    const waiting = await session.run({ text: text.waiting }, [consumer])
    const replays = await session.run({ text: text.replays }, [consumer])
    return {
      lease: { consumer, owner, fence: Number(row['fence']) },
      cursor: Number(row['cursor']),
      ...adoptedOf(waiting.map(parseWaiting), replays.map(parseReplay)),
    }
  }

  return {
    claim: (request) => database.transaction((session) => claim(session, request)),
    async renew(leases, forMs) {
      const names = leases.map((lease) => lease.consumer)
      const fences = leases.map((lease) => lease.fence)
      const rows = await database.run({ text: text.renew }, [names, fences, `${forMs} ms`])
      const ours = new Set(rows.map((row) => row['name']))
      return names.filter((name) => !ours.has(name))
    },
    async release(lease) {
      await database.run({ text: text.release }, [lease.consumer, lease.fence])
    },
    async save(changes) {
      const statement = { name: `${schema}.save_1`, text: text.save }
      const lost = await database.run(statement, [
        toSqlJson(changes.map(({ lease, ...rest }) => ({ ...lease, ...rest }))),
      ])
      return lost.map((row) => String(row['lost']))
    },
    async addReplay({ consumer, run, cursor, until, ...scope }) {
      await database.run({ text: text.addReplay }, [consumer, run, cursor, until, JSON.stringify(scope)])
    },
    stored: async () => (await database.run({ text: text.stored })).map(parseStored),
  }
}

/** Oldest first, as the other engines give them. */
export function adoptedOf(waiting: Adopted['waiting'], replays: Adopted['replays']): Adopted {
  const oldestFirst = waiting.toSorted((a, b) => a.position - b.position || (a.run < b.run ? -1 : 1))
  return { waiting: oldestFirst, replays }
}

function textsOf(s: string) {
  return {
    // Looks before it writes: those who stand by ask again and again.
    claim: `
      INSERT INTO ${s}.consumer AS c (name, cursor, pattern, imported, owner, fence, expires_at)
      SELECT $1, CASE WHEN $2 THEN (SELECT last FROM ${s}.head) ELSE 0 END, $3, $4, $5, 1,
        clock_timestamp() + $6::interval
      WHERE NOT EXISTS (SELECT 1 FROM ${s}.consumer
        WHERE name = $1 AND owner <> $5 AND expires_at > clock_timestamp())
      ON CONFLICT (name) DO UPDATE SET pattern = excluded.pattern, imported = excluded.imported,
        owner = excluded.owner, fence = c.fence + 1, expires_at = excluded.expires_at
      WHERE c.owner = excluded.owner OR c.expires_at <= clock_timestamp() RETURNING cursor, fence`,
    waiting: `UPDATE ${s}.waiting SET fresh = 0 WHERE consumer = $1 RETURNING *`,
    replays: `UPDATE ${s}.replay SET fresh = 0 WHERE consumer = $1 RETURNING *`,
    renew: `
      UPDATE ${s}.consumer c SET expires_at = clock_timestamp() + $3::interval
      FROM unnest($1::text[], $2::bigint[]) AS l (name, fence) WHERE c.name = l.name AND c.fence = l.fence
      RETURNING c.name`,
    release: `UPDATE ${s}.consumer SET expires_at = '-infinity' WHERE name = $1 AND fence = $2`,
    save: `SELECT lost FROM ${s}.save_1($1) AS lost`,
    addReplay: `
      INSERT INTO ${s}.replay (consumer, run, cursor, until, scope) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    stored: `
      SELECT name, cursor, pattern, imported,
        (SELECT count(*) FROM ${s}.waiting WHERE consumer = name) AS waiting,
        (SELECT count(DISTINCT stream) FROM ${s}.waiting WHERE consumer = name) AS parked,
        (SELECT count(*) FROM ${s}.dead WHERE consumer = name) AS dead
      FROM ${s}.consumer ORDER BY name`,
  }
}

/**
 * PostgreSQL's JSON has neither NUL nor halves of characters: those become what `postgres/text.ts` makes of them, and
 * a question mark in its diamond.
 */
function toSqlJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!text.includes('\\u')) return text
  return text.replace(ESCAPED, (found) => REPLACED[found] ?? (found.startsWith('\\ud') ? '\\ufffd' : found))
}

/** A backslash that stands for itself is taken along, so that what follows it is not misread. */
const ESCAPED = /\\(?:\\|u000[01]|ud[89a-f][0-9a-f]{2})/g
const REPLACED: Readonly<Record<string, string>> = {
  '\\u0000': '\\u0001\\u0001',
  '\\u0001': '\\u0001\\u0002',
}

import type { Clock, Timer } from '../../clock.ts'
import type { Postgres, SqlRow } from '../../postgres/open.ts'
import type { Random } from '../../random.ts'

export interface LeaseParts {
  readonly database: Postgres
  /** Quoted. */
  readonly schema: string
  readonly clock: Clock
  readonly random: Random
  /** After this long without a sign of life another process may follow under the same name. */
  readonly leaseMs: number
}

/** A place in the feed: behind the last event that was told. */
export interface Place {
  readonly line: number
  readonly place: number
}

interface Lease extends Place {
  readonly fence: number
}

/** Who tells one consumer, and how far it was told: a row with a fence that rises with each owner. */
export interface Keeper {
  /** Undefined while another one has it. */
  hold(): Promise<Lease | undefined>
  moveTo(end: Place): Promise<void>
  release(): Promise<void>
}

export function createKeeper(parts: LeaseParts, consumer: string): Keeper {
  const { clock, leaseMs } = parts
  const leases = prepareLeases(parts, consumer)
  let lease: Lease | undefined
  let heldUntil = 0
  let nextTry = 0
  let timer: Timer | undefined

  function lose(): void {
    lease = undefined
    timer?.cancel()
  }

  function keep(found: Lease, since: number): void {
    lease = found
    heldUntil = since + leaseMs
    timer?.cancel()
    // While a handler is at work nothing else shows that we live.
    timer = clock.schedule(since + leaseMs / 3, () => void renew(found.fence))
  }

  async function renew(fence: number): Promise<void> {
    const since = clock.now()
    try {
      const isOurs = await leases.renew(fence)
      if (!lease || lease.fence !== fence) return
      if (isOurs) keep(lease, since)
      else lose()
    } catch {
      // The next look at the feed meets the same error and reports it; here trying again is all there is to do.
      timer = clock.schedule(clock.now() + leaseMs / 3, () => void renew(fence))
    }
  }

  return {
    async hold() {
      const now = clock.now()
      if (lease && now < heldUntil) return lease
      lose()
      if (now < nextTry) return undefined
      nextTry = now + leaseMs / 4
      const found = await leases.claim()
      if (found) keep(found, now)
      return found
    },
    async moveTo(end) {
      if (!lease) return
      const since = clock.now()
      const { fence } = lease
      if (await leases.save(end, fence)) keep({ ...end, fence }, since)
      else lose()
    },
    async release() {
      const held = lease
      lose()
      if (held) await leases.release(held.fence)
    },
  }
}

interface Leases {
  claim(): Promise<Lease | undefined>
  renew(fence: number): Promise<boolean>
  save(end: Place, fence: number): Promise<boolean>
  release(fence: number): Promise<void>
}

/** Leases end by the database's clock, so that no process's own clock matters. */
function prepareLeases(parts: LeaseParts, consumer: string): Leases {
  const { database, schema, leaseMs } = parts
  const owner = parts.random.uuid()
  const lease = `${leaseMs} ms`
  const text = {
    // Looks before it writes: those who stand by ask again and again.
    claim: `
      INSERT INTO ${schema}.checkpoints AS c (consumer, line, place, owner, fence, expires_at)
      SELECT $1, 0, 0, $2, 1, clock_timestamp() + $3::interval WHERE NOT EXISTS (
        SELECT 1 FROM ${schema}.checkpoints WHERE consumer = $1 AND owner <> $2 AND expires_at > clock_timestamp())
      ON CONFLICT (consumer) DO UPDATE SET owner = excluded.owner, fence = c.fence + 1, expires_at = excluded.expires_at
      WHERE c.owner = excluded.owner OR c.expires_at <= clock_timestamp() RETURNING line, place, fence`,
    renew: `
      UPDATE ${schema}.checkpoints SET expires_at = clock_timestamp() + $3::interval
      WHERE consumer = $1 AND fence = $2 RETURNING fence`,
    release: `UPDATE ${schema}.checkpoints SET expires_at = '-infinity' WHERE consumer = $1 AND fence = $2`,
    save: `SELECT ${schema}.save_1($1, $2, $3, $4, $5::interval) AS ours`,
  }

  return {
    async claim() {
      const [row] = await database.run({ text: text.claim }, [consumer, owner, lease])
      return row && { ...toPlace(row), fence: Number(row['fence']) }
    },
    async renew(fence) {
      return (await database.run({ text: text.renew }, [consumer, fence, lease])).length > 0
    },
    async release(fence) {
      await database.run({ text: text.release }, [consumer, fence])
    },
    async save({ line, place }, fence) {
      const statement = { name: `${schema}.save_1`, text: text.save }
      const [row] = await database.run(statement, [consumer, line, place, fence, lease])
      return row?.['ours'] === true
    },
  }
}

export function toPlace(row: SqlRow): Place {
  return { line: Number(row['line']), place: Number(row['place']) }
}

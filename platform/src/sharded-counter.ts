import type { Append, Conflict, EventStore } from './event-store.ts'
import { rowName } from './event-store.ts'
import { Fault } from './fault.ts'
import { invariant } from './invariant.ts'
import type { Random } from './random.ts'
import { err, ok, type Result } from './result.ts'
import type { Row, RowKey, RowWrite } from './table-store.ts'

/**
 * Units of something that very many want at once, over several rows, so that no single one of them is written by all:
 * a partition of DynamoDB takes 1,000 writes a second, and of two writers of one row one has to try again.
 *
 * It never oversells: units leave a row only by a write that finds the row as it was read, and no row goes below zero.
 * It hardly undersells: a draw of n is refused only when all rows, read one after the other, showed fewer than n in
 * all. So while nobody puts units back or moves them, fewer than n units are left after a refusal; a draw of one is
 * refused only when all is sold. Units that are on their way between rows during such a read may be missed by it, at
 * most as many as are put back or moved at that time.
 */
export interface ShardedCounter {
  /** Takes so many units in one transaction with `also`, or nothing. Refused when there are not so many. */
  draw(key: string, units: number, also?: Also): Promise<Result<Drawn, SoldOut | Conflict>>
  /** Adds units: the first time, or given back. In one transaction with `also`. */
  put(key: string, units: number, also?: Also): Promise<Result<void, Conflict>>
  /** One batch of reads. */
  left(key: string): Promise<number>
  /** Spreads what is left evenly. False when somebody was faster. */
  rebalance(key: string): Promise<boolean>
}

/** What happens with the units: together with them, or not at all. At most 100 items with the rows of the counter. */
export interface Also {
  readonly appends?: readonly Append[]
  readonly rows?: readonly RowWrite[]
}

export interface Drawn {
  /** How many from each shard; the numbers add up to what was asked for. */
  readonly from: ReadonlyMap<number, number>
}

export interface SoldOut {
  readonly code: 'SOLD_OUT'
  readonly left: number
}

export interface ShardedCounterOptions {
  readonly store: EventStore
  readonly random: Random
  /** Of the rows; its partitions are `key#shard`. */
  readonly table: string
  /** 1 to 50. A shard takes about 500 draws a second, transactions counting twice. */
  readonly shards: number
}

const MAX_SHARDS = 50
/** Each conflict means that somebody else got through. */
const MAX_TRIES = 50

interface Shard {
  readonly number: number
  readonly units: number
  readonly row: Row | undefined
}

export function createShardedCounter(options: ShardedCounterOptions): ShardedCounter {
  const { store, random, table, shards } = options
  invariant(Number.isInteger(shards) && shards >= 1 && shards <= MAX_SHARDS, `shards: 1 to ${MAX_SHARDS}`)
  const numbers = Array.from({ length: shards }, (_, i) => i)
  const keyOf = (key: string, number: number): RowKey => ({
    table,
    partition: `${key}#${number}`,
    sort: 'units',
  })

  async function read(key: string, wanted: readonly number[]): Promise<readonly Shard[]> {
    const rows = await store.getMany(wanted.map((number) => keyOf(key, number)))
    return wanted.map((number, i) => ({ number, row: rows[i], units: Number(rows[i]?.value['units'] ?? 0) }))
  }

  function write(key: string, { number, row }: Shard, units: number): RowWrite {
    return { ...keyOf(key, number), value: { units }, expect: row ? { version: row.version } : 'absent' }
  }

  /** A shard by chance, and all of them only when it has too few. */
  async function choose(key: string, units: number): Promise<Result<readonly Part[], SoldOut>> {
    const [first] = await read(key, [Math.floor(random.next() * shards)])
    if (first && first.units >= units) return ok([{ shard: first, units }])
    const all = await read(key, shuffled(numbers, random))
    const parts = partsOf(all, units)
    return parts ? ok(parts) : err({ code: 'SOLD_OUT', left: sum(all) })
  }

  async function commit(rows: readonly RowWrite[], also: Also): Promise<Outcome> {
    const committed = await store.commit({
      appends: also.appends ?? [],
      rows: [...rows, ...(also.rows ?? [])],
    })
    if (committed.ok) return { kind: 'done' }
    const own = new Set(rows.map(rowName))
    return committed.error.on.every((name) => own.has(name))
      ? { kind: 'again' }
      : { kind: 'conflict', ...committed }
  }

  return {
    async draw(key, units, also = {}) {
      checkUnits(units)
      for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
        const chosen = await choose(key, units)
        if (!chosen.ok) return chosen
        const rows = chosen.value.map(({ shard, units: taken }) => write(key, shard, shard.units - taken))
        const outcome = await commit(rows, also)
        if (outcome.kind === 'done') return ok(drawn(chosen.value))
        if (outcome.kind === 'conflict') return err(outcome.error)
      }
      throw busy(key)
    },
    async put(key, units, also = {}) {
      checkUnits(units)
      for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
        const all = await read(key, numbers)
        const target = spread(sum(all) + units, shards)
        // Nothing is taken from a shard that has more than its share.
        const rows = raised(all, target, units).map(({ shard, units: after }) => write(key, shard, after))
        const outcome = await commit(rows, also)
        if (outcome.kind === 'done') return ok(undefined)
        if (outcome.kind === 'conflict') return err(outcome.error)
      }
      throw busy(key)
    },
    left: async (key) => sum(await read(key, numbers)),
    async rebalance(key) {
      const all = await read(key, numbers)
      const target = spread(sum(all), shards)
      const uneven = all.filter(({ units }, i) => units !== target[i])
      if (uneven.length === 0) return true
      const rows = uneven.map((shard) => write(key, shard, target[shard.number] ?? 0))
      return (await store.commit({ rows })).ok
    },
  }
}

interface Part {
  readonly shard: Shard
  readonly units: number
}

type Outcome = { readonly kind: 'done' | 'again' } | { readonly kind: 'conflict'; readonly error: Conflict }

/** From one shard if it can be, the fewest shards otherwise; undefined when there are not so many. */
function partsOf(all: readonly Shard[], units: number): readonly Part[] | undefined {
  const enough = all.find((shard) => shard.units >= units)
  if (enough) return [{ shard: enough, units }]
  let missing = units
  const parts: Part[] = []
  for (const shard of all.toSorted((a, b) => b.units - a.units)) {
    const taken = Math.min(shard.units, missing)
    if (taken > 0) parts.push({ shard, units: taken })
    missing -= taken
  }
  return missing === 0 ? parts : undefined
}

/** Raises the shards that are below their share, until so many units are given out. */
function raised(all: readonly Shard[], target: readonly number[], units: number): readonly Part[] {
  let missing = units
  const parts: Part[] = []
  for (const shard of all) {
    const added = Math.min(missing, Math.max(0, (target[shard.number] ?? 0) - shard.units))
    if (added > 0) parts.push({ shard, units: shard.units + added })
    missing -= added
  }
  return parts
}

function spread(units: number, shards: number): readonly number[] {
  const each = Math.floor(units / shards)
  return Array.from({ length: shards }, (_, i) => each + (i < units % shards ? 1 : 0))
}

function drawn(parts: readonly Part[]): Drawn {
  return { from: new Map(parts.map(({ shard, units }) => [shard.number, units])) }
}

function sum(all: readonly Shard[]): number {
  return all.reduce((total, { units }) => total + units, 0)
}

function shuffled(numbers: readonly number[], random: Random): readonly number[] {
  const from = Math.floor(random.next() * numbers.length)
  return [...numbers.slice(from), ...numbers.slice(0, from)]
}

function checkUnits(units: number): void {
  invariant(Number.isSafeInteger(units) && units >= 1, `units are whole and at least 1, got ${units}`)
}

function busy(key: string): Fault {
  return new Fault('CONFLICT', `The units of ${key} changed ${MAX_TRIES} times while we decided. Try again.`)
}

import type { Postgres, Statement } from '../../postgres/open.ts'
import type { Adopted, Lease } from '../bus-log.ts'
import { parseReplay, parseWaiting, type SqlRow } from '../stored-rows.ts'
import { adoptedOf } from './consumers.ts'

/** By consumer name, the redrives and replays that somebody asked for since the last call. */
export type AdoptFresh = (leases: readonly Lease[]) => Promise<ReadonlyMap<string, Adopted>>

/**
 * First they are read, then noted as known: an answer that gets lost on the way must not take a redrive with it. What
 * could not be noted is remembered here, so that it is not handed out twice.
 */
export function prepareAdoptFresh(database: Postgres, schema: string): AdoptFresh {
  const known = new Set<string>()
  const reading = (table: string): Statement => ({
    name: `${schema}.fresh_${table}`,
    text: `
      SELECT w.* FROM unnest($1::text[], $2::bigint[]) AS l (name, fence)
      JOIN ${schema}.consumer c ON c.name = l.name AND c.fence = l.fence
      JOIN ${schema}.${table} w ON w.consumer = c.name AND w.fresh = 1`,
  })
  const noting = (table: string): string => `
    UPDATE ${schema}.${table} w SET fresh = 0
    FROM unnest($1::text[], $2::text[]) AS k (consumer, run) WHERE w.consumer = k.consumer AND w.run = k.run`

  async function read(table: string, leases: readonly Lease[]): Promise<readonly SqlRow[]> {
    const names = leases.map((lease) => lease.consumer)
    return await database.run(reading(table), [names, leases.map((lease) => lease.fence)])
  }

  async function note(table: string, rows: readonly SqlRow[]): Promise<void> {
    if (rows.length === 0) return
    const runs = new Map(rows.map((row) => [runOf(row), row]))
    for (const run of runs.keys()) known.add(run)
    const consumers = [...runs.values()].map((row) => String(row['consumer']))
    await database
      .run({ text: noting(table) }, [consumers, [...runs.values()].map((row) => String(row['run']))])
      .then(
        () => {
          for (const run of runs.keys()) known.delete(run)
        },
        () => {},
      )
  }

  return async (leases) => {
    if (leases.length === 0) return new Map()
    const waiting = await read('waiting', leases)
    const replays = await read('replay', leases)
    const isNew = (row: SqlRow): boolean => !known.has(runOf(row))
    const adopted = byConsumer(waiting.filter(isNew), replays.filter(isNew))
    await note('waiting', waiting)
    await note('replay', replays)
    return adopted
  }
}

/** All of one redrive, or one replay, is asked for at once. */
function runOf(row: SqlRow): string {
  return JSON.stringify([row['consumer'], row['run']])
}

function byConsumer(waiting: readonly SqlRow[], replays: readonly SqlRow[]): ReadonlyMap<string, Adopted> {
  const names = new Set([...waiting, ...replays].map((row) => String(row['consumer'])))
  const of = (rows: readonly SqlRow[], name: string): readonly SqlRow[] =>
    rows.filter((row) => row['consumer'] === name)
  return new Map(
    [...names].map((name) => [
      name,
      adoptedOf(of(waiting, name).map(parseWaiting), of(replays, name).map(parseReplay)),
    ]),
  )
}

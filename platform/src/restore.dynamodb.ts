import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { idHome, keyOf } from './bus/eventbridge/items.ts'
import { type MendParts, mendLog, type ToldFact } from './bus/eventbridge/mend.ts'
import { busNames, createBusCalls } from './bus/eventbridge/parts.ts'
import { rewindBooks } from './bus/queue/rewind.ts'
import type { Clock } from './clock.ts'
import { Fault } from './fault.ts'
import type { Random } from './random.ts'
import { findAhead } from './store/dynamo/ahead.ts'
import { createDynamoCalls } from './store/dynamo/call.ts'
import { eventKey } from './store/dynamo/items.ts'
import type { DynamoParts } from './store/dynamo/parts.ts'
import { getItems } from './store/dynamo/read.ts'
import { describeCheckpoints, isReconciled, markReconciled } from './store/dynamo/reconciled.ts'
import { redoRows } from './store/dynamo/redo.ts'
import { findUntold, rewindFeeds } from './store/dynamo/rewind.ts'
import { tableNames } from './store/dynamo/tables.ts'

export interface ReconcileOptions {
  readonly client: DynamoDBClient
  readonly clock: Clock
  readonly random: Random
  /** Before all names: `stoa-`. The stores are `stoa-orders-…`, the bus is `stoa-bus`. */
  readonly prefix: string
  /** The names of the stores; what they tell has these as its source. */
  readonly stores: readonly string[]
  /**
   * Epoch milliseconds. Every table is of this moment or a later one, and was whole then. What is looked at begins
   * here: earlier than the earliest table by more than clocks of writers differ.
   */
  readonly since: number
  /** Tables that were reconciled to the end, too: no shop was started on them since. Default false. */
  readonly isAgain?: boolean
  /** Of the bus: as its programs have it. Default 4. */
  readonly shards?: number
  readonly onProgress?: (did: Progress) => void
}

export type Progress = { readonly did: string } & Readonly<Record<string, string | number>>

export interface Reconciled {
  /** Rows that their table had lost and the events knew, and facts that the bus's log is told again, by store. */
  readonly stores: Readonly<Record<string, { readonly rows: number; readonly told: number }>>
  /** Facts taken out of the log because no store has them. */
  readonly untold: number
}

/**
 * Makes tables that were restored at different moments into those of one shop, before the shop is started on them;
 * one that was cut short may be run again. Rows follow their events, the log of the bus has what the stores have, streams are read from
 * their beginning, consumers are told again everything since then. Throws CONFLICT, before anything is changed, where
 * rows are newer than their events, or where the tables were reconciled to the end: a shop may run on them.
 */
export async function reconcileDynamo(options: ReconcileOptions): Promise<Reconciled> {
  const { since, onProgress: say = () => {} } = options
  const stores = new Map(options.stores.map((name) => [name, storeParts(options, name)]))
  if (!options.isAgain) await requireUnreconciled(options.prefix, stores)
  for (const [name, parts] of stores) await requireEvents(parts, name, since)
  const bus = busParts(options, stores)
  const rows = new Map<string, number>()
  for (const [store, parts] of stores) {
    const redone = await redoRows(parts, since)
    rows.set(store, redone.rows)
    say({ did: 'rows follow their events', store, ...redone })
  }
  const { untold, repaired } = await mendLog(bus, since)
  say({ did: 'the log has what the stores have', untold, repaired })
  const { consumers, dropped } = await rewindBooks(bus, since)
  say({ did: 'consumers look again', consumers: consumers.length, dropped })
  const told: [string, { rows: number; told: number }][] = []
  for (const [store, parts] of stores) {
    const missing = await findUntold(parts, (ids) => knownIds(parts, bus.names.log, ids))
    await rewindFeeds(parts, missing.since)
    told.push([store, { rows: rows.get(store) ?? 0, told: missing.events }])
    say({ did: 'the relay tells again', store, facts: missing.events })
  }
  for (const parts of stores.values())
    await markReconciled(
      parts,
      await describeCheckpoints(parts, parts.tables.checkpoints),
      options.clock.now(),
    )
  return { stores: Object.fromEntries(told), untold }
}

function storeParts({ client, clock, random, prefix }: ReconcileOptions, name: string): DynamoParts {
  const calls = createDynamoCalls({ clock, random })
  return { client, clock, random, calls, tables: tableNames(`${prefix}${name}-`) }
}

function busParts(
  { client, clock, random, prefix, shards = 4 }: ReconcileOptions,
  stores: ReadonlyMap<string, DynamoParts>,
): MendParts {
  const calls = createBusCalls({ clock, random }, 0)
  const lost = async (facts: readonly ToldFact[]): Promise<ReadonlySet<ToldFact>> => {
    const found = await Promise.all(
      [...stores].map(([name, parts]) =>
        lostOf(
          parts,
          facts.filter(({ source }) => source === name),
        ),
      ),
    )
    return new Set(found.flat())
  }
  return { clients: { dynamodb: client }, calls, names: busNames(`${prefix}bus`), shards, lost }
}

/** Marks are made when all is done: one is enough. */
async function requireUnreconciled(prefix: string, stores: ReadonlyMap<string, DynamoParts>): Promise<void> {
  for (const parts of stores.values()) {
    if (!(await isReconciled(parts, await describeCheckpoints(parts, parts.tables.checkpoints)))) continue
    const message =
      `The tables ${prefix}… were reconciled before, and a shop may be running on them: reconciling would take it ` +
      `back. Nothing was changed. Restore to another prefix; or, if no shop was ever started on these, reconcile ` +
      'them with --again.'
    throw new Fault('CONFLICT', message, { retryable: false })
  }
}

async function requireEvents(parts: DynamoParts, store: string, since: number): Promise<void> {
  const ahead = await findAhead(parts, since)
  if (!ahead) return
  const until = new Date(ahead.latest).toISOString()
  const message =
    `The rows of ${store} are newer than its events: ${ahead.rows} rows, the latest written at ${until}, are of ` +
    `transactions that the events table does not have (${ahead.streams.join(', ')}). Nothing was changed. Restore ` +
    `${parts.tables.events} as of a later moment than ${parts.tables.rows}, then reconcile again.`
  throw new Fault('CONFLICT', message, { retryable: false })
}

async function lostOf(parts: DynamoParts, facts: readonly ToldFact[]): Promise<readonly ToldFact[]> {
  const lost: ToldFact[] = []
  for (let i = 0; i < facts.length; i += FACTS_AT_ONCE) {
    const page = facts.slice(i, i + FACTS_AT_ONCE)
    const keys = page.map(({ stream, version }) => eventKey(stream, version))
    const found = await getItems(parts, parts.tables.events, keys)
    const ids = new Set(found.map((item) => item['id']?.S))
    lost.push(...page.filter(({ id }) => !ids.has(id)))
  }
  return lost
}

async function knownIds(
  parts: DynamoParts,
  log: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await getItems(
    parts,
    log,
    ids.map((id) => keyOf(idHome(id), 0)),
  )
  return new Set(found.map((item) => item['home']?.S?.slice(idHome('').length) ?? ''))
}

const FACTS_AT_ONCE = 400

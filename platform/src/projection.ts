import type { Envelope } from './event.ts'
import type { EventBus } from './event-bus.ts'
import { type EventStore, rowName } from './event-store.ts'
import { Fault } from './fault.ts'
import type { Row, RowKey, RowVersion, RowWrite } from './table-store.ts'

/** A question answered by rows, kept up to date by facts. One file each, in a subgraph's `projections/`. */
export interface Projection {
  /** `orders.by-customer`: also the name of its consumer on the bus. */
  readonly name: string
  readonly eventTypes: readonly string[]
  /** The rows this fact changes; called with what they hold now. */
  readonly keys: (event: Envelope) => readonly RowKey[]
  /** A row among the keys is written only if it is still as it was read; when not, this is asked again. */
  readonly project: (event: Envelope, rows: ReadonlyMap<string, RowWrite['value']>) => readonly RowWrite[]
}

/** Feeds a projection from the bus; a fact that was taken in before changes nothing. */
export async function runProjection(
  parts: { readonly bus: EventBus; readonly store: EventStore },
  projection: Projection,
): Promise<AsyncDisposable> {
  return await parts.bus.subscribe({
    name: projection.name,
    pattern: { 'detail-type': [...projection.eventTypes] },
    imported: true,
    handle: (event) => applyOnce(parts.store, projection, event),
  })
}

/** Facts of different streams may change the same row at once: the loser reads again. */
const MAX_TRIES = 5

async function applyOnce(store: EventStore, projection: Projection, event: Envelope): Promise<void> {
  let conflict: readonly string[] = []
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const writes = await writesFor(store, projection, event)
    if (!writes) return
    const committed = await store.commit({ rows: writes })
    if (committed.ok) return
    conflict = committed.error.on
  }
  throw new Fault(
    'CONFLICT',
    `${projection.name}: ${conflict.join(', ')} changed ${MAX_TRIES} times meanwhile.`,
  )
}

/** Undefined when the fact was taken in before. */
async function writesFor(
  store: EventStore,
  projection: Projection,
  event: Envelope,
): Promise<readonly RowWrite[] | undefined> {
  const mark: RowKey = {
    table: 'projected',
    partition: `${projection.name}/${event.stream}`,
    sort: 'version',
  }
  const keys = projection.keys(event)
  const [seen, ...rows] = await store.getMany([mark, ...keys])
  if (Number(seen?.value['version'] ?? 0) >= event.version) return undefined
  const current = new Map(keys.map((key, i) => [`${key.partition}/${key.sort}`, rows[i]?.value]))
  const asRead = new Map(keys.map((key, i) => [rowName(key), unchanged(rows[i])]))
  const writes = projection.project(event, current).map((write) => ({
    ...write,
    expect: write.expect ?? asRead.get(rowName(write)) ?? ('any' as const),
  }))
  return [...writes, { ...mark, value: { version: event.version }, expect: unchanged(seen) }]
}

function unchanged(row: Row | undefined): 'absent' | RowVersion {
  return row ? { version: row.version } : 'absent'
}

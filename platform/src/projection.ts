import type { Envelope } from './event.ts'
import type { EventBus } from './event-bus.ts'
import type { EventStore } from './event-store.ts'
import { Fault } from './fault.ts'
import type { RowKey, RowWrite } from './table-store.ts'

/** A question answered by rows, kept up to date by facts. One file each, in a subgraph's `projections/`. */
export interface Projection {
  /** `orders.by-customer`: also the name of its consumer on the bus. */
  readonly name: string
  readonly eventTypes: readonly string[]
  /** The rows this fact changes; called with what they hold now. */
  readonly keys: (event: Envelope) => readonly RowKey[]
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

async function applyOnce(store: EventStore, projection: Projection, event: Envelope): Promise<void> {
  const mark: RowKey = {
    table: 'projected',
    partition: `${projection.name}/${event.stream}`,
    sort: 'version',
  }
  const keys = projection.keys(event)
  const [seen, ...rows] = await store.getMany([mark, ...keys])
  if (Number(seen?.value['version'] ?? 0) >= event.version) return
  const current = new Map(keys.map((key, i) => [`${key.partition}/${key.sort}`, rows[i]?.value]))
  const writes = projection.project(event, current)
  const expect = seen ? { version: seen.version } : ('absent' as const)
  const committed = await store.commit({
    rows: [...writes, { ...mark, value: { version: event.version }, expect }],
  })
  if (!committed.ok)
    throw new Fault('CONFLICT', `${projection.name}: ${committed.error.on.join(', ')} changed meanwhile.`)
}

import { deleteOf, scanPages, writeItems } from '../../dynamo-bulk.ts'
import { createCheckpoints } from './checkpoints.ts'
import { type Item, toFedEvent } from './items.ts'
import type { DynamoParts } from './parts.ts'

/** What the stream of the events table must be told of again. */
export interface Untold {
  readonly events: number
  /** When the oldest of them was recorded, by its writer's clock; undefined when there is none. Epoch milliseconds. */
  readonly since: number | undefined
}

/** Every event that is not known by its id. Reads the whole table, and asks about each event in it. */
export async function findUntold(
  parts: DynamoParts,
  known: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<Untold> {
  let events = 0
  let since: number | undefined
  for await (const page of scanPages(parts, { TableName: parts.tables.events })) {
    const fed = page.map(toFedEvent)
    const told = await known(fed.map(({ event }) => event.id))
    for (const { event, recorded = 0 } of fed) {
      if (told.has(event.id)) continue
      events += 1
      since = Math.min(since ?? recorded, recorded)
    }
  }
  return { events, since }
}

/**
 * For a table whose stream is new: forgets the shards of the old one, and has every consumer told again, from the
 * table, what was recorded since then; undefined: nothing. Answers the consumers. For a store that nobody uses.
 */
export async function rewindFeeds(parts: DynamoParts, since: number | undefined): Promise<readonly string[]> {
  const saved = await savedPlaces(parts)
  await writeItems(parts, parts.tables.checkpoints, saved.map(deleteOf))
  const named = saved.map(({ consumer }) => consumer?.S ?? '').filter((name) => !name.startsWith('#'))
  const consumers = new Set(['relay', ...named])
  for (const consumer of consumers) {
    const checkpoints = createCheckpoints(parts, consumer)
    const now = parts.clock.now()
    await checkpoints.see(now, since ?? now)
    if (since !== undefined)
      await checkpoints.saveCatchUp({ since, after: undefined, newest: since, startedAt: now })
  }
  return [...consumers].toSorted()
}

/** Of consumers and of readers; what says of which version the tables are stays. */
async function savedPlaces(parts: DynamoParts): Promise<readonly Item[]> {
  const keys: Item[] = []
  for await (const page of scanPages(parts, { TableName: parts.tables.checkpoints }))
    for (const { consumer, shard } of page)
      if (consumer && shard && consumer.S !== '#tables') keys.push({ consumer, shard })
  return keys
}

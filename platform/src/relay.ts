import type { RecordedEvent } from './event.ts'
import type { EventBus } from './event-bus.ts'
import type { EventStore } from './event-store.ts'
import type { Log } from './log.ts'

export interface RelayParts {
  readonly store: Pick<EventStore, 'follow'>
  readonly bus: Pick<EventBus, 'publish'>
  /** Who tells it: the subgraph's name. */
  readonly source: string
  readonly log: Log
}

/**
 * Publishes what a store records, in order per stream and at least once: the feed's checkpoint moves only after
 * the bus has it, and the bus knows an event again by its id.
 */
export async function startRelay(parts: RelayParts): Promise<AsyncDisposable> {
  const { bus, source, log } = parts
  return await parts.store.follow('relay', async (events) => {
    await bus.publish(events.map((event) => ({ ...event, source })))
    log.debug({ source, events: events.length, last: lastId(events) }, 'Events relayed.')
  })
}

function lastId(events: readonly RecordedEvent[]): string | undefined {
  return events.at(-1)?.id
}

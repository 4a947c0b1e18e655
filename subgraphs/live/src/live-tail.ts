import type { Envelope } from '@stoa/platform/event'
import type { EventBus } from '@stoa/platform/event-bus'
import { Fault } from '@stoa/platform/fault'
import { type Changes, createChanges } from './changes.ts'

/** What can be listened for. */
export type Topic = `order ${string}` | `sku ${string}`

/** The end of the bus: one follower of it for everybody who listens. */
export interface LiveTail extends AsyncDisposable {
  /** These, and then each of them again whenever it has changed. Throws OVERLOADED when too many listen. */
  listen(topics: readonly Topic[]): Changes<Topic>
}

const MOST_LISTENERS = 10_000

export async function openLiveTail(bus: Pick<EventBus, 'follow'>): Promise<LiveTail> {
  const listeners = new Map<Topic, Set<Changes<Topic>>>()
  let count = 0
  const following = await bus.follow({
    pattern: { source: ['orders', 'inventory'] },
    hear(event) {
      const topic = topicOf(event)
      if (topic) for (const changes of listeners.get(topic) ?? []) changes.note(topic)
    },
  })

  function forget(topics: readonly Topic[], changes: Changes<Topic>): void {
    count -= 1
    for (const topic of topics) {
      const others = listeners.get(topic)
      others?.delete(changes)
      if (others?.size === 0) listeners.delete(topic)
    }
  }

  return {
    listen(topics) {
      if (count >= MOST_LISTENERS)
        throw new Fault('OVERLOADED', `${MOST_LISTENERS} listen here already. Subscribe again later.`)
      count += 1
      const changes = createChanges(topics, () => forget(topics, changes))
      for (const topic of topics) {
        const others = listeners.get(topic) ?? new Set()
        listeners.set(topic, others.add(changes))
      }
      return changes
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose](),
  }
}

/** Whatever orders tells is about an order; of stock, only what can be promised is for everybody. */
function topicOf({ source, type, data }: Envelope): Topic | undefined {
  if (source === 'orders') return typeof data['orderId'] === 'string' ? `order ${data['orderId']}` : undefined
  return type === 'AvailabilityChanged' && typeof data['sku'] === 'string' ? `sku ${data['sku']}` : undefined
}

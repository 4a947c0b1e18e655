import type { Envelope } from '../event.ts'
import type { ConsumerStatus } from '../event-bus.ts'
import { countMatching } from './archive.ts'
import type { BusLog, StoredConsumer } from './bus-log.ts'
import { matcherOf } from './matcher.ts'
import type { Subscription } from './subscription.ts'
import type { Subscriptions } from './subscriptions.ts'

/** Exact up to here; of what lies further back every event counts, whether it matches or not. */
const MAX_COUNTED = 10_000

/** Every consumer ever seen, by name: from memory where it is served here, else from what is stored. */
export async function statusOf(
  store: BusLog,
  subscriptions: Pick<Subscriptions, 'get'>,
): Promise<readonly ConsumerStatus[]> {
  const consumers = await store.consumers()
  const last = await store.last()
  const statuses = consumers.map((consumer) =>
    describe({ store, consumer, last }, subscriptions.get(consumer.name)),
  )
  return (await Promise.all(statuses)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function describe(
  of: { readonly store: BusLog; readonly consumer: StoredConsumer; readonly last: number },
  subscription: Subscription | undefined,
): Promise<ConsumerStatus> {
  const { consumer } = of
  const runner = subscription?.runner()
  const { tasks, parked } = runner ? runner.count() : { tasks: consumer.waiting, parked: consumer.parked }
  const after = runner ? runner.readTo() : consumer.cursor
  const wanted = after < of.last ? matcherOf(consumer.pattern) : () => true
  const matches = (event: Envelope): boolean => (consumer.imported || !event.meta.imported) && wanted(event)
  const unread =
    after < of.last ? await countMatching(of.store, { after }, { matches, most: MAX_COUNTED }) : 0
  return { name: consumer.name, lag: tasks + unread, parked, deadLetters: consumer.deadLetters }
}

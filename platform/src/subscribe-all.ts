import type { Consumer, EventBus } from './event-bus.ts'

/**
 * Subscribes each, in order; one that fails takes back those before it. All are closed at once: one whose handler hangs
 * has its time to end, and the others must not go on taking events meanwhile.
 */
export async function subscribeAll(
  bus: Pick<EventBus, 'subscribe'>,
  consumers: Iterable<Consumer>,
): Promise<AsyncDisposable> {
  const subscriptions: AsyncDisposable[] = []
  const all = { [Symbol.asyncDispose]: () => closeAll(subscriptions) }
  try {
    for (const consumer of consumers) subscriptions.push(await bus.subscribe(consumer))
  } catch (reason) {
    await all[Symbol.asyncDispose]()
    throw reason
  }
  return all
}

async function closeAll(subscriptions: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(subscriptions.map((subscription) => subscription[Symbol.asyncDispose]()))
}

import type { Consumer, DeadLetterQuery, EventBus, ReplayRequest } from '../event-bus.ts'
import { Fault } from '../fault.ts'
import { createAdoption } from './adoption.ts'
import { checkLimit, readArchive } from './archive.ts'
import { createHub } from './hub.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import { compileOrFault } from './matcher.ts'
import type { BusParts } from './parts.ts'
import { createPublisher } from './publish.ts'
import { replayTo } from './replay.ts'
import { createRest } from './rest.ts'
import { checkPolicy } from './retry.ts'
import { createSaver } from './saver.ts'
import { statusOf } from './status.ts'
import { createSubscription, type Subscription } from './subscription.ts'

export interface CreateBusParts extends BusParts {
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
}

const DEFAULT_CLOSE_MS = 5000
const DEFAULT_DEAD_LETTERS = 100

/** The bus over any log: the same dispatcher for every engine. */
export function createBus(parts: CreateBusParts): EventBus {
  const { store, clock, log, random } = parts
  const subscriptions = new Map<string, Subscription>()
  const owner = random.uuid()
  const rest = createRest(isBusy)
  let closed = false

  const hub = createHub({ store, clock, log, onRest: rest.check })
  const saver = createSaver({
    store,
    clock,
    log,
    collect: () => runners().flatMap((runner) => runner.take() ?? []),
    onLost: (consumers) => lose(consumers),
    onRest: rest.check,
  })
  const publisher = createPublisher(store, (entries) => {
    hub.take(entries)
    rest.check()
  })
  const adoption = createAdoption({ store, clock, log, runners, onRest: rest.check })
  const leases = createLeaseKeeper({ store, clock, log, runners, onLost: lose })
  let watching: Disposable | undefined

  function runners() {
    return [...subscriptions.values()].flatMap((subscription) => subscription.runner() ?? [])
  }

  function isBusy(): boolean {
    if (publisher.isBusy() || hub.isBusy() || saver.isBusy() || adoption.isBusy()) return true
    return runners().some((runner) => runner.isBusy())
  }

  function lose(consumers: readonly string[]): void {
    for (const name of consumers) subscriptions.get(name)?.lose()
  }

  async function subscribe(consumer: Consumer): Promise<AsyncDisposable> {
    checkOpen()
    const matches = compileOrFault(consumer.pattern)
    const policy = checkPolicy(consumer)
    if (subscriptions.has(consumer.name)) {
      throw new Fault(
        'BAD_REQUEST',
        `The consumer "${consumer.name}" is subscribed already. Names are unique.`,
      )
    }
    const subscription = createSubscription({
      ...parts,
      log: log.child({ consumer: consumer.name }),
      ...{ hub, owner, consumer, matches, policy, closeMs: parts.closeMs ?? DEFAULT_CLOSE_MS },
      onChange: saver.kick,
      onRest: rest.check,
    })
    subscriptions.set(consumer.name, subscription)
    try {
      await hub.start()
      await subscription.activate()
    } catch (reason) {
      subscriptions.delete(consumer.name)
      throw reason
    }
    leases.start()
    watching ??= store.watch(refresh)
    return { [Symbol.asyncDispose]: () => unsubscribe(subscription) }
  }

  async function unsubscribe(subscription: Subscription): Promise<void> {
    const { name } = subscription.consumer
    if (subscriptions.get(name) !== subscription) return
    await subscription.close(saver.flush)
    subscriptions.delete(name)
    rest.check()
  }

  async function close(): Promise<void> {
    if (closed) return
    closed = true
    saver.close()
    await Promise.all([...subscriptions.values()].map(unsubscribe))
    watching?.[Symbol.dispose]()
    leases.stop()
    hub.stop()
    await store[Symbol.asyncDispose]()
  }

  function refresh(): void {
    hub.refresh()
    adoption.kick()
  }

  function checkOpen(): void {
    if (closed) throw new Fault('STORE_UNAVAILABLE', 'The event bus is closed.', { retryable: false })
  }

  async function redrive(query: DeadLetterQuery): Promise<number> {
    const count = await store.redrive(bounded(query), random.uuid())
    adoption.kick()
    return count
  }

  async function replay(request: ReplayRequest): Promise<number> {
    await saver.flush()
    const count = await replayTo(parts, request)
    adoption.kick()
    return count
  }

  return {
    async publish(events) {
      checkOpen()
      await publisher.publish(events)
    },
    subscribe,
    archive: (query) => readArchive(store, query),
    replay,
    deadLetters: async (query = {}) => await afterSaving(() => store.deadLetters(bounded(query))),
    redrive: async (query) => await afterSaving(() => redrive(query)),
    discard: async (query) => await afterSaving(() => store.discard(bounded(query))),
    consumers: async () => await afterSaving(() => statusOf(store, subscriptions)),
    async idle() {
      hub.refresh()
      await rest.wait()
    },
    [Symbol.asyncDispose]: close,
  }

  /** What is on its way to the store counts for who asks. */
  async function afterSaving<T>(ask: () => Promise<T>): Promise<T> {
    await saver.flush()
    return await ask()
  }
}

function bounded(query: DeadLetterQuery): DeadLetterQuery {
  return { ...query, limit: checkLimit(query.limit ?? query.ids?.length ?? DEFAULT_DEAD_LETTERS) }
}

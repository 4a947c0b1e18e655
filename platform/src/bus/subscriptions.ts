import type { Consumer } from '../event-bus.ts'
import { Fault } from '../fault.ts'
import type { Hub } from './hub.ts'
import { compileOrFault } from './matcher.ts'
import type { BusParts } from './parts.ts'
import { checkPolicy } from './retry.ts'
import type { Runner } from './runner.ts'
import type { Saver } from './saver.ts'
import { createSubscription, type Subscription } from './subscription.ts'

/** Every consumer this process serves or stands by for, by name. */
export interface Subscriptions {
  /** Faults with BAD_REQUEST: bad pattern, bad policy, name taken. */
  add(consumer: Consumer): Promise<AsyncDisposable>
  get(consumer: string): Subscription | undefined
  /** Of the consumers served here. */
  runners(): readonly Runner[]
  /** Somebody else owns these now. */
  lose(consumers: readonly string[]): void
  closeAll(): Promise<void>
}

export interface SubscriptionsParts extends BusParts {
  readonly hub: Hub
  readonly saver: () => Saver
  readonly closeMs: number
  /** May have become idle. */
  readonly onRest: () => void
}

export function createSubscriptions(parts: SubscriptionsParts): Subscriptions {
  const subscriptions = new Map<string, Subscription>()
  const owner = parts.random.uuid()

  async function add(consumer: Consumer): Promise<AsyncDisposable> {
    const subscription = create(consumer)
    subscriptions.set(consumer.name, subscription)
    try {
      await parts.hub.start()
      await subscription.activate()
    } catch (reason) {
      subscriptions.delete(consumer.name)
      throw reason
    }
    return { [Symbol.asyncDispose]: () => close(subscription) }
  }

  function create(consumer: Consumer): Subscription {
    const matches = compileOrFault(consumer.pattern)
    const policy = checkPolicy(consumer)
    if (subscriptions.has(consumer.name)) {
      throw new Fault(
        'BAD_REQUEST',
        `The consumer "${consumer.name}" is subscribed already. Choose another name.`,
      )
    }
    const log = parts.log.child({ consumer: consumer.name })
    return createSubscription({
      ...parts,
      log,
      owner,
      consumer,
      matches,
      policy,
      onChange: () => parts.saver().kick(),
    })
  }

  async function close(subscription: Subscription): Promise<void> {
    const { name } = subscription.consumer
    if (subscriptions.get(name) !== subscription) return
    await subscription.close(() => parts.saver().flush())
    subscriptions.delete(name)
    parts.onRest()
  }

  return {
    add,
    get: (consumer) => subscriptions.get(consumer),
    runners: () => [...subscriptions.values()].flatMap((subscription) => subscription.runner() ?? []),
    lose(consumers) {
      for (const name of consumers) subscriptions.get(name)?.lose()
    },
    async closeAll() {
      await Promise.all([...subscriptions.values()].map(close))
    },
  }
}

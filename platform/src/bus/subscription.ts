import type { Timer } from '../clock.ts'
import type { Consumer, RetryPolicy } from '../event-bus.ts'
import type { EventMatcher } from '../event-pattern.ts'
import { toFault } from '../fault.ts'
import type { Hub } from './hub.ts'
import type { BusParts } from './parts.ts'
import { createRunner, type Runner } from './runner.ts'

/** A consumer as this process knows it: served here, or standing by until its owner lets go of it. */
export interface Subscription {
  readonly consumer: Consumer
  runner(): Runner | undefined
  /** Serves the consumer if nobody else does, otherwise tries again later. */
  activate(): Promise<void>
  /** Somebody else owns it now. */
  lose(): void
  /** Lets running handlers end, up to the deadline, and lets go of the consumer. */
  close(flush: () => Promise<void>): Promise<void>
}

export interface SubscriptionParts extends BusParts {
  readonly hub: Hub
  readonly owner: string
  readonly consumer: Consumer
  readonly matches: EventMatcher
  readonly policy: RetryPolicy
  readonly closeMs: number
  readonly onChange: () => void
  readonly onRest: () => void
}

export function createSubscription(parts: SubscriptionParts): Subscription {
  const { consumer, clock, hub, store } = parts
  let runner: Runner | undefined
  let timer: Timer | undefined
  let closed = false

  async function activate(): Promise<void> {
    const claim = await store.claim({
      consumer: consumer.name,
      owner: parts.owner,
      now: clock.now(),
      from: consumer.from ?? 'earliest',
      pattern: consumer.pattern,
      imported: consumer.imported ?? false,
    })
    if (!claim) return tryLater()
    if (closed) return await store.release(claim.lease)
    const served = createRunner({ ...parts, claim, hubTail: hub.tail })
    runner = served
    hub.add({ ...parts, pattern: consumer.pattern, imported: consumer.imported ?? false, listener: served })
  }

  function tryLater(): void {
    if (closed) return
    timer = clock.schedule(clock.now() + (store.leaseMs ?? 0) / 2, () => void retry())
  }

  async function retry(): Promise<void> {
    try {
      await activate()
    } catch (reason) {
      parts.log.error(
        { code: toFault(reason).code, consumer: consumer.name },
        'A consumer cannot be taken over.',
      )
      tryLater()
    }
  }

  function detach(): Runner | undefined {
    const detached = runner
    runner = undefined
    if (detached) hub.remove(detached)
    return detached
  }

  return {
    consumer,
    runner: () => runner,
    activate,
    lose() {
      detach()?.stop()
      parts.log.warn({ consumer: consumer.name }, 'Another process has taken over this consumer.')
      tryLater()
    },
    async close(flush) {
      closed = true
      timer?.cancel()
      const last = runner
      if (!last) return
      hub.remove(last)
      await within(parts, last.drain())
      last.checkpoint()
      await flush()
      detach()?.stop()
      await store.release(last.claim.lease)
    },
  }
}

/** Resolves with `done`, or after the time a handler gets to end when we close. */
function within({ clock, closeMs }: SubscriptionParts, done: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.schedule(clock.now() + closeMs, resolve)
    void done.then(() => {
      timer.cancel()
      resolve()
    })
  })
}

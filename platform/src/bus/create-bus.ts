import type { EventBus } from '../event-bus.ts'
import { Fault } from '../fault.ts'
import { createAdministration } from './administration.ts'
import { createAdoption } from './adoption.ts'
import { followHub } from './follow.ts'
import { createHub } from './hub.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import type { BusParts } from './parts.ts'
import { createPublisher } from './publish.ts'
import { createRest } from './rest.ts'
import { createSaver } from './saver.ts'
import { createSubscriptions } from './subscriptions.ts'

export interface CreateBusParts extends BusParts {
  /** How long running handlers get to end when the bus closes, in milliseconds. Default 5,000. */
  readonly closeMs?: number
}

const DEFAULT_CLOSE_MS = 5000

/** The bus over any log: the same dispatcher for every engine. */
export function createBus(parts: CreateBusParts): EventBus {
  const rooms = createRooms(parts)
  const { hub, publisher, subscriptions, leases, rest, refresh } = rooms
  let watching: Disposable | undefined
  let closed = false

  function checkOpen(): void {
    if (closed) throw new Fault('STORE_UNAVAILABLE', 'The event bus is closed.', { retryable: false })
  }

  return {
    ...createAdministration({ ...parts, ...rooms }),
    async publish(events) {
      checkOpen()
      await publisher.publish(events)
    },
    async subscribe(consumer) {
      checkOpen()
      const subscription = await subscriptions.add(consumer)
      leases.start()
      watching ??= parts.store.watch(refresh)
      return subscription
    },
    async follow(follower) {
      checkOpen()
      const following = await followHub({ ...parts, hub }, follower)
      watching ??= parts.store.watch(refresh)
      return following
    },
    serving: () => subscriptions.runners().map(({ claim }) => claim.lease.consumer),
    async idle() {
      hub.refresh()
      await rest.wait()
    },
    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      watching?.[Symbol.dispose]()
      await closeRooms(rooms)
      await parts.store[Symbol.asyncDispose]()
    },
  }
}

type Rooms = ReturnType<typeof createRooms>

function createRooms(parts: CreateBusParts) {
  const rest = createRest(isBusy)
  const shared = { ...parts, onRest: rest.check }
  const hub = createHub({ ...shared, onMilestone })
  const closeMs = parts.closeMs ?? DEFAULT_CLOSE_MS
  const subscriptions = createSubscriptions({ ...shared, hub, closeMs, saver: () => saver })
  const { runners, lose } = subscriptions
  const collect = () => runners().flatMap((runner) => runner.take() ?? [])
  const saver = createSaver({ ...shared, collect, onLost: lose })
  const publisher = createPublisher({ ...shared, onAppended: hub.take })
  const adoption = createAdoption({ ...shared, runners })
  const leases = createLeaseKeeper({ ...shared, runners, onLost: lose })

  function isBusy(): boolean {
    const rooms = [publisher, hub, saver, adoption, ...runners()]
    return rooms.some((room) => room.isBusy())
  }

  function onMilestone(): void {
    for (const runner of runners()) runner.checkpoint()
  }

  function refresh(): void {
    hub.refresh()
    adoption.kick()
  }

  return { rest, hub, subscriptions, saver, publisher, adoption, leases, refresh }
}

/** Consumers first, as their last word still has to be saved. */
async function closeRooms({ subscriptions, saver, leases, hub, adoption, publisher }: Rooms): Promise<void> {
  saver.close()
  await subscriptions.closeAll()
  leases.stop()
  hub.stop()
  adoption.stop()
  await publisher.flush()
}

import type { Follower } from '../event-bus.ts'
import { toFault } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Hub, Listener } from './hub.ts'
import { compileOrFault } from './matcher.ts'

interface FollowParts {
  readonly hub: Hub
  readonly log: Log
}

/** Hands on what passes the end of the log, straight from the hub. Faults with BAD_REQUEST for a bad pattern. */
export async function followHub({ hub, log }: FollowParts, follower: Follower): Promise<AsyncDisposable> {
  const { pattern, hear } = follower
  const matches = compileOrFault(pattern)
  const listener: Listener = {
    offer({ event }) {
      try {
        hear(event)
      } catch (reason) {
        log.error({ err: toFault(reason), eventId: event.id }, 'A follower failed')
      }
    },
  }
  await hub.start()
  hub.add({ pattern, matches, imported: false, listener })
  return { [Symbol.asyncDispose]: async () => hub.remove(listener) }
}

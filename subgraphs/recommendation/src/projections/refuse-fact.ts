import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import type { parseEvent } from '@stoa/schema/events'

/** A fact that is not as the contract says: trying it again does not mend it. */
export function refuseFact(event: Envelope, parsed: ReturnType<typeof parseEvent>): Fault {
  const why = parsed.ok
    ? `Got ${parsed.value.type}.`
    : parsed.error.map(({ at, message }) => `${at}: ${message}`).join(' ')
  return new Fault('BAD_REQUEST', `${event.type} ${event.id} cannot be used. ${why}`, { retryable: false })
}

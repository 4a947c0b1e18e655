import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import { parseEvent, type StoaEvent } from '@stoa/schema/events'

/** The fact in an envelope. One that is not as declared goes to the dead letters at once: it will not get better. */
export function readFact(event: Envelope): StoaEvent {
  const parsed = parseEvent(event)
  if (parsed.ok) return parsed.value
  const problems = parsed.error.map(({ at, message }) => `${at}: ${message}`).join(' ')
  throw new Fault('BAD_REQUEST', `${event.type} is not as declared. ${problems}`, { retryable: false })
}

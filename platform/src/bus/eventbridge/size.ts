import { engineFault } from '../../engine-fault.ts'
import type { Envelope } from '../../event.ts'

/**
 * One item of DynamoDB holds 400 KB: what the log can keep of one event, with room for the other attributes. It is
 * the tightest of three: a request to EventBridge and a message of SQS may have 1 MB.
 */
const MAX_EVENT_BYTES = 380_000
/** Of a key in DynamoDB, with the room that its prefix takes. */
const MAX_KEY_BYTES = 2000

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const MAX_TYPE = 128
const MAX_SOURCE = 256

/** Before anything is written, so that nothing is in the log that cannot be told. Faults with BAD_REQUEST. */
export function checkEventSize(event: Envelope): void {
  const bytes = bodyBytes(event)
  if (bytes > MAX_EVENT_BYTES) {
    const advice = 'Put what is large into S3, and where it is into the event.'
    tooLarge(event, `has ${bytes} bytes; the bus takes ${MAX_EVENT_BYTES}. ${advice}`)
  }
  for (const [field, most] of LENGTHS) {
    const length = Buffer.byteLength(event[field])
    if (length > most)
      tooLarge(event, `has a ${field} of ${length} bytes; EventBridge takes ${most}. Shorten it.`)
  }
}

/** As it is kept and, but for a few hundred bytes, as it travels. */
export function bodyBytes(event: Envelope): number {
  return Buffer.byteLength(JSON.stringify(event))
}

const LENGTHS = [
  ['id', MAX_KEY_BYTES],
  ['stream', MAX_KEY_BYTES],
  ['type', MAX_TYPE],
  ['source', MAX_SOURCE],
] as const

function tooLarge(event: Envelope, what: string): never {
  const id = event.id.slice(0, 100)
  throw engineFault('BAD_REQUEST', `The event ${id} ${what}`, {
    engine: 'eventbridge',
    kind: 'event_too_large',
  })
}

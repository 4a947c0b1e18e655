import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import type { Projection } from '@stoa/platform/projection'
import { type OrderCreated, parseEvent } from '@stoa/schema/events'
import { ownerKey, ownerRow } from '../store/owner-rows.ts'

/** Whose each order is, past ones too: only they may hear of it. */
export const orderOwners: Projection = {
  name: 'live.order-owners',
  eventTypes: ['OrderCreated'],
  keys: (event) => [ownerKey(read(event).orderId)],
  project(event) {
    const { orderId, customerId } = read(event)
    return [ownerRow(orderId, customerId ? { customerId } : {})]
  },
}

function read(event: Envelope): OrderCreated {
  const parsed = parseEvent(event)
  if (parsed.ok && parsed.value.type === 'OrderCreated') return parsed.value.data
  throw new Fault('BAD_REQUEST', `${event.type} ${event.id} cannot be used: it is not as declared.`)
}

import type { EventOf, StoaEvent } from '@stoa/schema/events'

/** What an order's own stream holds; all of it is told on the bus. */
export type OrderEvent = EventOf<OrderEventType> & {
  /** When it was recorded, epoch milliseconds; absent while it is only decided. */
  readonly at?: number
}

export type OrderEventType = (typeof TYPES)[number]

const TYPES = [
  'OrderCreated',
  'OrderProcessed',
  'PaymentDeclined',
  'PaymentCaptured',
  'PaymentVoided',
  'SurplusPaymentAuthorised',
  'ShipmentPrepared',
  'ShipmentCancelled',
  'ShipmentProcessed',
  'OrderFulfilled',
  'OrderCancellationRequested',
  'OrderCancellationRefused',
  'OrderCancelled',
  'OrderPosted',
] as const

export function isOrderEvent(event: StoaEvent): event is EventOf<OrderEventType> {
  return TYPES.some((type) => type === event.type)
}

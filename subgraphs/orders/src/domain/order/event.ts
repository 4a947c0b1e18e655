import type { EventData } from '@stoa/schema/events'

/** What an order's own stream holds; all of it is told on the bus. */
export type OrderEventType =
  | 'OrderCreated'
  | 'OrderProcessed'
  | 'PaymentDeclined'
  | 'PaymentCaptured'
  | 'PaymentVoided'
  | 'SurplusPaymentAuthorised'
  | 'ShipmentPrepared'
  | 'ShipmentCancelled'
  | 'ShipmentProcessed'
  | 'OrderFulfilled'
  | 'OrderCancellationRequested'
  | 'OrderCancellationRefused'
  | 'OrderCancelled'
  | 'OrderPosted'

export type OrderEvent = {
  [Type in OrderEventType]: {
    readonly type: Type
    readonly data: EventData[Type]
    /** When it was recorded, epoch milliseconds; absent while it is only decided. */
    readonly at?: number
  }
}[OrderEventType]

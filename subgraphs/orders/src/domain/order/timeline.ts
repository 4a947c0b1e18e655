import type { EventCancelReason } from '@stoa/schema/events'
import type { OrderEvent } from './event.ts'

/** What happened, for the person who ordered. */
export function describe(event: OrderEvent): string {
  const { type, data } = event
  switch (type) {
    case 'OrderCreated':
      return `Order ${data.orderNumber} was placed.`
    case 'OrderProcessed':
      return 'The payment was authorised.'
    case 'PaymentDeclined':
      return `The payment was declined: ${data.reason.replaceAll('_', ' ')}.`
    case 'PaymentCaptured':
      return 'The payment was taken.'
    case 'PaymentVoided':
      return 'The payment was given back; nothing was charged.'
    case 'SurplusPaymentAuthorised':
      return 'A payment arrived that is not needed; it is given back.'
    case 'ShipmentPrepared':
      return `Shipment ${data.shipmentId} went to its warehouse.`
    case 'ShipmentCancelled':
      return `Shipment ${data.shipmentId} will not be sent.`
    case 'ShipmentProcessed':
      return `Shipment ${data.shipmentId} left with ${data.carrier}, tracking number ${data.trackingNumber}.`
    case 'OrderFulfilled':
      return 'Everything is on its way.'
    case 'OrderCancellationRequested':
      return 'The warehouse was asked to stop the order.'
    case 'OrderCancellationRefused':
      return 'Too late to cancel: the warehouse had sent it already. The order goes on.'
    case 'OrderCancelled':
      return CANCELLED[data.reason]
    case 'OrderPosted':
      return `The order is in the books as ${data.postingId}.`
  }
}

const CANCELLED: Readonly<Record<EventCancelReason, string>> = {
  CUSTOMER: 'The order was cancelled by the customer.',
  OPERATOR: 'The order was cancelled by the shop.',
  PAYMENT_DECLINED: 'The order was cancelled because it could not be paid.',
  NO_STOCK: 'The order was cancelled because there was not enough in stock.',
}

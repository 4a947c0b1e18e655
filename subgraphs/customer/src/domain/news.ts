import type { JsonObject } from '@stoa/platform/json'
import type { EventNotificationKind, EventOf } from '@stoa/schema/events'

/** What a customer should hear: which kind of message, about which order, and what it may speak of. */
export interface News {
  readonly kind: EventNotificationKind
  readonly orderId: string
  readonly facts: JsonObject
}

export const newsEvents = [
  'OrderCreated',
  'PaymentDeclined',
  'ShipmentProcessed',
  'OrderFulfilled',
  'OrderCancelled',
] as const

export type NewsEvent = EventOf<(typeof newsEvents)[number]>

/** The news in a fact; none for a cancellation of which the customer has heard as a declined payment. */
export function newsOf(event: NewsEvent): News | undefined {
  switch (event.type) {
    case 'OrderCreated':
      return confirmation(event.data)
    case 'PaymentDeclined':
      return news('PAYMENT_DECLINED', event.data.orderId, { reason: event.data.reason })
    case 'ShipmentProcessed':
      return shipped(event.data)
    case 'OrderFulfilled':
      return news('FULFILLED', event.data.orderId, { total: { ...event.data.total } })
    case 'OrderCancelled':
      if (event.data.reason === 'PAYMENT_DECLINED') return undefined
      return news('CANCELLED', event.data.orderId, { reason: event.data.reason })
  }
}

function confirmation(order: EventOf<'OrderCreated'>['data']): News {
  const lines = order.lines.map(({ name, quantity, total }) => ({ name, quantity, total: { ...total } }))
  const { method } = order.delivery
  return news('ORDER_CONFIRMATION', order.orderId, {
    lines,
    shipping: { ...order.shipping },
    tax: { ...order.tax },
    total: { ...order.total },
    delivery: method,
  })
}

function shipped(shipment: EventOf<'ShipmentProcessed'>['data']): News {
  const { orderId, carrier, trackingNumber } = shipment
  const units = shipment.lines.reduce((sum, line) => sum + line.quantity, 0)
  return news('SHIPPED', orderId, { carrier, trackingNumber, units })
}

function news(kind: EventNotificationKind, orderId: string, facts: JsonObject): News {
  return { kind, orderId, facts }
}

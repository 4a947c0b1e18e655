import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import type { OrderRefusal } from './refusal.ts'
import type { Order } from './state.ts'

export interface RecordPaymentAuthorised {
  readonly type: 'recordPaymentAuthorised'
  readonly paymentId: string
}

/** The first authorisation counts; one that comes after the end, or beside another, must be given back. */
export function recordPaymentAuthorised(
  order: Order,
  { paymentId }: RecordPaymentAuthorised,
): Result<readonly OrderEvent[], OrderRefusal> {
  switch (order.status) {
    case 'CREATED':
      return ok([processed(order, paymentId)])
    case 'PROCESSED':
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'FULFILLED':
    case 'CANCELLATION_REQUESTED':
    case 'CANCELLED':
      return ok(isKnown(order, paymentId) ? [] : [surplus(order, paymentId)])
  }
}

function processed(order: Order, paymentId: string): OrderEvent {
  const { orderId, total, market, delivery } = order.placed
  const lines = order.placed.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, quantity }))
  return { type: 'OrderProcessed', data: { orderId, paymentId, amount: total, market, lines, delivery } }
}

function surplus(order: Order, paymentId: string): OrderEvent {
  const { orderId, total } = order.placed
  return { type: 'SurplusPaymentAuthorised', data: { orderId, paymentId, amount: total } }
}

function isKnown(order: Order, paymentId: string): boolean {
  const counted = 'paymentId' in order.payment && order.payment.paymentId === paymentId
  return counted || order.surplus.some((payment) => payment.paymentId === paymentId)
}

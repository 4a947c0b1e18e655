import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import type { OrderRefusal } from './refusal.ts'
import type { Order } from './state.ts'

export interface RecordPaymentDeclined {
  readonly type: 'recordPaymentDeclined'
  /** insufficient_funds, expired_card, suspected_fraud, other. */
  readonly reason: string
}

/** No money, no order. A no that comes after a yes, or after the end, changes nothing. */
export function recordPaymentDeclined(
  order: Order,
  { reason }: RecordPaymentDeclined,
): Result<readonly OrderEvent[], OrderRefusal> {
  const { orderId } = order.placed
  switch (order.status) {
    case 'CREATED':
      return ok([
        { type: 'PaymentDeclined', data: { orderId, reason } },
        { type: 'OrderCancelled', data: { orderId, reason: 'PAYMENT_DECLINED' } },
      ])
    case 'PROCESSED':
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'FULFILLED':
    case 'CANCELLATION_REQUESTED':
    case 'CANCELLED':
      return ok([])
  }
}

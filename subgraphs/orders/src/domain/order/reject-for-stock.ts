import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import type { Order } from './state.ts'

export interface RejectForStock {
  readonly type: 'rejectForStock'
}

/** There is not enough anywhere: the order ends, and its money goes back. */
export function rejectForStock(
  order: Order,
  _command: RejectForStock,
): Result<readonly OrderEvent[], OrderRefusal> {
  const { orderId } = order.placed
  switch (order.status) {
    case 'CREATED':
      return tooEarly(order, 'a search for stock')
    case 'PROCESSED':
      return ok([
        { type: 'OrderCancelled', data: { orderId, reason: 'NO_STOCK', paymentId: order.payment.paymentId } },
      ])
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'FULFILLED':
    case 'CANCELLATION_REQUESTED':
      return refuse(
        'STOCK_REJECTED_AFTER_RESERVED',
        `Order ${orderId} has its stock; it cannot lack it as well.`,
      )
    case 'CANCELLED':
      return ok([])
  }
}

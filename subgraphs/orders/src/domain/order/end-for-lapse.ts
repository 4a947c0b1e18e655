import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import type { Order } from './state.ts'

export interface EndForLapse {
  readonly type: 'endForLapse'
}

/**
 * The stock was held so long that others may have it by now. Nothing was picked (what is picked lapses no more),
 * so the order ends as one without stock: better money back after a week than goods promised twice.
 */
export function endForLapse(
  order: Order,
  _command: EndForLapse,
): Result<readonly OrderEvent[], OrderRefusal> {
  const { orderId } = order.placed
  switch (order.status) {
    case 'CREATED':
      return tooEarly(order, 'a lapse of its stock')
    case 'PROCESSED':
    case 'PREPARED':
    case 'CANCELLATION_REQUESTED':
      return ok([
        { type: 'OrderCancelled', data: { orderId, reason: 'NO_STOCK', paymentId: order.payment.paymentId } },
      ])
    case 'PARTLY_SHIPPED':
    case 'FULFILLED':
      return refuse('STOCK_LAPSED_AFTER_SHIPPED', `Order ${orderId} was sent; its stock cannot lapse.`)
    case 'CANCELLED':
      return ok([])
  }
}

import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import type { Order } from './state.ts'

export interface RecordCaptured {
  readonly type: 'recordCaptured'
  readonly paymentId: string
}

/** The money was taken: once, after everything was sent. */
export function recordCaptured(
  order: Order,
  { paymentId }: RecordCaptured,
): Result<readonly OrderEvent[], OrderRefusal> {
  const { orderId, total } = order.placed
  switch (order.status) {
    case 'CREATED':
    case 'PROCESSED':
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'CANCELLATION_REQUESTED':
      return tooEarly(order, 'a capture')
    case 'FULFILLED':
      if (order.payment.paymentId !== paymentId) {
        return refuse(
          'PAYMENT_MISMATCH',
          `Order ${orderId} is paid by ${order.payment.paymentId}, not ${paymentId}.`,
        )
      }
      return ok(
        order.payment.status === 'CAPTURED'
          ? []
          : [{ type: 'PaymentCaptured', data: { orderId, paymentId, amount: total } }],
      )
    case 'CANCELLED':
      return refuse('CAPTURED_AFTER_CANCELLED', `Order ${orderId} was cancelled. Give ${paymentId} back.`)
  }
}

import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import type { Order } from './state.ts'

export interface RecordVoided {
  readonly type: 'recordVoided'
  readonly paymentId: string
}

/** An authorisation was given back: a surplus one at any time, the one that counts after the end. */
export function recordVoided(
  order: Order,
  { paymentId }: RecordVoided,
): Result<readonly OrderEvent[], OrderRefusal> {
  const { orderId, total } = order.placed
  const voided: OrderEvent = { type: 'PaymentVoided', data: { orderId, paymentId, amount: total } }
  const surplus = order.surplus.find((payment) => payment.paymentId === paymentId)
  if (surplus) return ok(surplus.status === 'VOIDED' ? [] : [voided])
  if (!('paymentId' in order.payment) || order.payment.paymentId !== paymentId) {
    return refuse('PAYMENT_MISMATCH', `Order ${orderId} does not know the payment ${paymentId}.`)
  }
  if (order.status !== 'CANCELLED') return tooEarly(order, 'giving the money back')
  return ok(order.payment.status === 'VOIDED' ? [] : [voided])
}

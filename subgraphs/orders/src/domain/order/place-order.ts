import { invariant } from '@stoa/platform/invariant'
import { ok, type Result } from '@stoa/platform/result'
import type { OrderCreated } from '@stoa/schema/events'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse } from './refusal.ts'
import type { OrderState } from './state.ts'

export interface PlaceOrder {
  readonly type: 'placeOrder'
  readonly order: OrderCreated
}

/** A checked-out cart becomes an order. */
export function placeOrder(
  state: OrderState,
  { order }: PlaceOrder,
): Result<readonly OrderEvent[], OrderRefusal> {
  if (state.status !== 'NONE') return refuse('ORDER_EXISTS', `Order ${order.orderId} exists. Use a fresh id.`)
  invariant(totalsAddUp(order), `the total of ${order.orderId} is its lines plus shipping`)
  return ok([{ type: 'OrderCreated', data: order }])
}

/** Whether lines, subtotal, shipping and total agree to the cent, in one currency. */
export function totalsAddUp({ lines, subtotal, shipping, tax, total }: OrderCreated): boolean {
  const sum = lines.reduce((minor, line) => minor + line.total.minor, 0)
  const amounts = [subtotal, shipping, tax, ...lines.flatMap((line) => [line.unitPrice, line.total])]
  return (
    lines.every((line) => line.total.minor === line.unitPrice.minor * line.quantity) &&
    amounts.every((amount) => amount.currency === total.currency && amount.minor >= 0) &&
    subtotal.minor === sum &&
    total.minor === subtotal.minor + shipping.minor &&
    tax.minor <= total.minor
  )
}

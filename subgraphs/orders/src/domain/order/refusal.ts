import { type Err, err } from '@stoa/platform/result'
import type { Order, OrderStatus } from './state.ts'

/** Why an order says no. */
export type OrderRefusal = SimpleRefusal | NotCancellable

export interface SimpleRefusal {
  readonly code: SimpleRefusalCode
  readonly message: string
}

/** Told to whoever asked to cancel. */
export interface NotCancellable {
  readonly code: 'ORDER_NOT_CANCELLABLE'
  readonly message: string
  readonly status: OrderStatus
}

export type SimpleRefusalCode =
  /** There is none, or it is not for whoever asks: the two look the same from outside. */
  | 'ORDER_NOT_FOUND'
  | 'ORDER_EXISTS'
  /** The fact follows from one that has not been recorded yet: it may come again later. */
  | 'TOO_EARLY'
  | 'ALLOCATION_MISMATCH'
  | 'CAPTURED_AFTER_CANCELLED'
  | 'PAYMENT_MISMATCH'
  | 'PICK_CANCELLED_AFTER_SHIPPED'
  | 'POSTED_AFTER_CANCELLED'
  | 'SHIPMENT_UNKNOWN'
  | 'SHIPPED_AFTER_CANCELLED'
  | 'STOCK_LAPSED_AFTER_SHIPPED'
  | 'STOCK_REJECTED_AFTER_RESERVED'

export function refuse(code: SimpleRefusalCode, message: string): Err<OrderRefusal> {
  return err({ code, message })
}

export function notFound(): Err<OrderRefusal> {
  return refuse(
    'ORDER_NOT_FOUND',
    'Expected the id of an order that you may see, found none. Check the id, or sign in.',
  )
}

export function tooEarly(order: Order, what: string): Err<OrderRefusal> {
  const { orderId } = order.placed
  return refuse(
    'TOO_EARLY',
    `Order ${orderId} is ${order.status}: ${what} cannot have happened yet. Tell it again later.`,
  )
}

import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import type { Order } from './state.ts'

export interface RecordPosted {
  readonly type: 'recordPosted'
  readonly postingId: string
}

/** The ERP has it in its books, once. */
export function recordPosted(
  order: Order,
  { postingId }: RecordPosted,
): Result<readonly OrderEvent[], OrderRefusal> {
  const { orderId } = order.placed
  switch (order.status) {
    case 'CREATED':
    case 'PROCESSED':
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'CANCELLATION_REQUESTED':
      return tooEarly(order, 'a posting')
    case 'FULFILLED':
      return ok(order.postingId === undefined ? [{ type: 'OrderPosted', data: { orderId, postingId } }] : [])
    case 'CANCELLED':
      return refuse(
        'POSTED_AFTER_CANCELLED',
        `Order ${orderId} was cancelled. Take ${postingId} out of the books.`,
      )
  }
}

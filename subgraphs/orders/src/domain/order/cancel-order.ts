import { err, ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { notFound, type OrderRefusal } from './refusal.ts'
import type { Order } from './state.ts'
import { mayCancel, type Viewer } from './viewer.ts'

export interface CancelOrder {
  readonly type: 'cancelOrder'
  readonly viewer: Viewer
  /** In the words of whoever asked. */
  readonly reason: string
}

/** Ends it at once while no warehouse has it; afterwards the warehouse decides. */
export function cancelOrder(order: Order, command: CancelOrder): Result<readonly OrderEvent[], OrderRefusal> {
  if (!mayCancel(command.viewer, order)) return notFound()
  const { orderId } = order.placed
  const by = command.viewer.kind === 'operator' ? 'OPERATOR' : 'CUSTOMER'
  switch (order.status) {
    case 'CREATED':
      return ok([{ type: 'OrderCancelled', data: { orderId, reason: by } }])
    case 'PROCESSED':
      return ok([
        { type: 'OrderCancelled', data: { orderId, reason: by, paymentId: order.payment.paymentId } },
      ])
    case 'PREPARED': {
      const waiting = order.shipments.filter((shipment) => shipment.status === 'PREPARED')
      const shipmentIds = waiting.map((shipment) => shipment.shipmentId)
      return ok([
        { type: 'OrderCancellationRequested', data: { orderId, reason: command.reason, by, shipmentIds } },
      ])
    }
    case 'CANCELLATION_REQUESTED':
    case 'CANCELLED':
      return ok([])
    case 'PARTLY_SHIPPED':
    case 'FULFILLED': {
      const message = `Expected an order that nothing of was sent yet, this one is ${order.status}. Send the goods back instead.`
      return err({ code: 'ORDER_NOT_CANCELLABLE', message, status: order.status })
    }
  }
}

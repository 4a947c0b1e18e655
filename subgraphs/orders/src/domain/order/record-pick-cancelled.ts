import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import { findShipment, shipmentsAgain } from './shipments.ts'
import type { Order, Shipment } from './state.ts'

export interface RecordPickCancelled {
  readonly type: 'recordPickCancelled'
  readonly shipmentId: string
}

/** The warehouse will not send it. The last one ends an order that is to be cancelled; any other is prepared again. */
export function recordPickCancelled(
  order: Order,
  { shipmentId }: RecordPickCancelled,
): Result<readonly OrderEvent[], OrderRefusal> {
  if (order.status === 'CREATED' || order.status === 'PROCESSED') return tooEarly(order, 'a cancelled pick')
  const shipment = findShipment(order, shipmentId)
  if (!shipment)
    return refuse('SHIPMENT_UNKNOWN', `Order ${order.placed.orderId} has no shipment ${shipmentId}.`)
  switch (shipment.status) {
    case 'CANCELLED':
      return ok([])
    case 'SHIPPED':
      return refuse(
        'PICK_CANCELLED_AFTER_SHIPPED',
        `Shipment ${shipmentId} left. Ask the warehouse which of the two is true.`,
      )
    case 'PREPARED':
      return ok([
        { type: 'ShipmentCancelled', data: { orderId: order.placed.orderId, shipmentId } },
        ...consequences(order, shipment),
      ])
  }
}

function consequences(order: Order, stopped: Shipment): readonly OrderEvent[] {
  if (order.status !== 'CANCELLATION_REQUESTED') return shipmentsAgain(order, [stopped])
  const rest = order.shipments.filter((other) => other !== stopped && other.status !== 'CANCELLED')
  if (rest.length > 0) return []
  const { by, payment, placed } = order
  return [
    { type: 'OrderCancelled', data: { orderId: placed.orderId, reason: by, paymentId: payment.paymentId } },
  ]
}

import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { stoppedShipments } from './record-shipped.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import { findShipment, shipmentsAgain } from './shipments.ts'
import type { Order } from './state.ts'

export interface RecordPickCancellationRefused {
  readonly type: 'recordPickCancellationRefused'
  readonly shipmentId: string
}

/** The warehouse had sent it: the order goes on, and what it stopped elsewhere is prepared again. */
export function recordPickCancellationRefused(
  order: Order,
  { shipmentId }: RecordPickCancellationRefused,
): Result<readonly OrderEvent[], OrderRefusal> {
  if (order.status === 'CREATED' || order.status === 'PROCESSED') return tooEarly(order, 'a refusal to stop')
  const { orderId } = order.placed
  const shipment = findShipment(order, shipmentId)
  if (!shipment) return refuse('SHIPMENT_UNKNOWN', `Order ${orderId} has no shipment ${shipmentId}.`)
  if (shipment.status === 'CANCELLED') {
    return refuse(
      'SHIPPED_AFTER_CANCELLED',
      `Shipment ${shipmentId} was cancelled. Somebody must get it back.`,
    )
  }
  if (order.status !== 'CANCELLATION_REQUESTED') return ok([])
  return ok([
    { type: 'OrderCancellationRefused', data: { orderId, reason: `Shipment ${shipmentId} had left.` } },
    ...shipmentsAgain(order, stoppedShipments(order)),
  ])
}

import { ok, type Result } from '@stoa/platform/result'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import { findShipment, shipmentsAgain } from './shipments.ts'
import type { CancellationRequestedOrder, Order, PreparedShipment, Shipment } from './state.ts'

export interface RecordShipped {
  readonly type: 'recordShipped'
  readonly shipmentId: string
  readonly carrier: string
  readonly trackingNumber: string
  /** Epoch milliseconds. */
  readonly shippedAt: number
}

/** A parcel left. If somebody wanted it stopped they are too late, and the order goes on. */
export function recordShipped(
  order: Order,
  command: RecordShipped,
): Result<readonly OrderEvent[], OrderRefusal> {
  if (order.status === 'CREATED' || order.status === 'PROCESSED') return tooEarly(order, 'a shipment')
  const shipment = findShipment(order, command.shipmentId)
  if (!shipment)
    return refuse('SHIPMENT_UNKNOWN', `Order ${order.placed.orderId} has no shipment ${command.shipmentId}.`)
  switch (shipment.status) {
    case 'SHIPPED':
      return ok([])
    case 'CANCELLED':
      return refuse(
        'SHIPPED_AFTER_CANCELLED',
        `Shipment ${shipment.shipmentId} was cancelled. Somebody must get it back.`,
      )
    case 'PREPARED':
      return ok([processed(order, shipment, command), ...consequences(order, shipment)])
  }
}

function processed(order: Order, shipment: PreparedShipment, command: RecordShipped): OrderEvent {
  const { type: _type, ...notice } = command
  const { locationId, lines } = shipment
  return { type: 'ShipmentProcessed', data: { orderId: order.placed.orderId, locationId, lines, ...notice } }
}

function consequences(order: Order, shipped: PreparedShipment): readonly OrderEvent[] {
  const onlyShippedElse = order.shipments.every((other) => other === shipped || other.status !== 'PREPARED')
  if (order.status !== 'CANCELLATION_REQUESTED') return onlyShippedElse ? fulfilled(order) : []
  const again = shipmentsAgain(order, stoppedShipments(order))
  const { orderId } = order.placed
  return [
    {
      type: 'OrderCancellationRefused',
      data: { orderId, reason: `Shipment ${shipped.shipmentId} had left.` },
    },
    ...again,
    ...(onlyShippedElse && again.length === 0 ? fulfilled(order) : []),
  ]
}

/** What the warehouse stopped for the open wish to cancel; earlier ones were prepared again already. */
export function stoppedShipments(order: CancellationRequestedOrder): readonly Shipment[] {
  return order.shipments.filter(
    ({ shipmentId, status }) => status === 'CANCELLED' && order.asked.includes(shipmentId),
  )
}

function fulfilled(order: Order): readonly OrderEvent[] {
  if (!('paymentId' in order.payment)) return []
  const { orderId, orderNumber, customerId, market, lines, tax, shipping, total } = order.placed
  const { paymentId } = order.payment
  const owner = customerId ? { customerId } : {}
  const data = { orderId, orderNumber, ...owner, market, paymentId, lines, tax, shipping, total }
  return [{ type: 'OrderFulfilled', data }]
}

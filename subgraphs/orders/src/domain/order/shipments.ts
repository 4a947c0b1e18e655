import { invariant } from '@stoa/platform/invariant'
import type { EventQuantity, ShipmentPrepared, ShipmentProcessed } from '@stoa/schema/events'
import type { OrderEvent } from './event.ts'
import type { CancelledShipment, Order, PreparedShipment, Shipment, ShippedShipment } from './state.ts'

export function findShipment(order: Order, shipmentId: string): Shipment | undefined {
  return order.shipments.find((shipment) => shipment.shipmentId === shipmentId)
}

/** A shipment to pick at a location, numbered after those there are. */
export function shipmentPrepared(
  order: Order,
  part: { readonly locationId: string; readonly lines: readonly EventQuantity[]; readonly number: number },
): OrderEvent {
  const { orderId, delivery } = order.placed
  const shipmentId = `${orderId}-${part.number}`
  const { locationId, lines } = part
  return { type: 'ShipmentPrepared', data: { orderId, shipmentId, locationId, lines, delivery } }
}

/** New shipments in place of those that will not be sent, so that a customer whose order goes on gets all of it. */
export function shipmentsAgain(order: Order, cancelled: readonly Shipment[]): readonly OrderEvent[] {
  const next = order.shipments.length + 1
  return cancelled.map(({ locationId, lines }, i) =>
    shipmentPrepared(order, { locationId, lines, number: next + i }),
  )
}

export function preparedShipment({ shipmentId, locationId, lines }: ShipmentPrepared): PreparedShipment {
  return { status: 'PREPARED', shipmentId, locationId, lines }
}

/** The shipments with one of them cancelled. */
export function cancelledShipment(shipments: readonly Shipment[], shipmentId: string): readonly Shipment[] {
  return replaced(shipments, shipmentId, ({ locationId, lines }): CancelledShipment => {
    return { status: 'CANCELLED', shipmentId, locationId, lines }
  })
}

/** The shipments with one of them on its way. */
export function shippedShipment(
  shipments: readonly Shipment[],
  shipped: ShipmentProcessed,
): readonly Shipment[] {
  const { shipmentId, carrier, trackingNumber, shippedAt } = shipped
  return replaced(shipments, shipmentId, ({ locationId, lines }): ShippedShipment => {
    return { status: 'SHIPPED', shipmentId, locationId, lines, carrier, trackingNumber, shippedAt }
  })
}

function replaced(
  shipments: readonly Shipment[],
  shipmentId: string,
  change: (shipment: PreparedShipment) => Shipment,
): readonly Shipment[] {
  invariant(
    shipments.some((shipment) => shipment.shipmentId === shipmentId),
    `shipment ${shipmentId} was prepared`,
  )
  return shipments.map((shipment) => {
    if (shipment.shipmentId !== shipmentId) return shipment
    invariant(shipment.status === 'PREPARED', `shipment ${shipmentId} is ${shipment.status} already`)
    return change(shipment)
  })
}

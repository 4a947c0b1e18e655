import { globalId } from '@stoa/platform/id'
import { type GraphMoney, moneyToGraph } from '@stoa/platform/money'
import type { EventDelivery } from '@stoa/schema/events'
import type { Order, Payment, Shipment } from '../domain/order/state.ts'
import { maySee, type Viewer } from '../domain/order/viewer.ts'

/** The order when this viewer may see it; what they may not see is not there. */
export function visible(viewer: Viewer, order: Order | undefined): Order | null {
  return order && maySee(viewer, order) ? order : null
}

/** How an order shows itself in the graph. */
export const orderFields: Readonly<Record<string, (order: Order) => unknown>> = {
  id: ({ placed }: Order) => globalId('orders', 'Order', placed.orderId),
  orderId: ({ placed }: Order) => placed.orderId,
  orderNumber: ({ placed }: Order) => placed.orderNumber,
  placedAt: ({ timeline }: Order) => timeline[0]?.at,
  customer: ({ placed }: Order) => (placed.customerId ? { customerId: placed.customerId } : null),
  email: ({ placed }: Order) => placed.email,
  market: ({ placed }: Order) => placed.market,
  lines: ({ placed }: Order) =>
    placed.lines.map((line) => ({
      ...line,
      variant: { sku: line.sku },
      unitPrice: moneyToGraph(line.unitPrice),
      total: moneyToGraph(line.total),
    })),
  subtotal: ({ placed }: Order) => moneyToGraph(placed.subtotal),
  shipping: ({ placed }: Order) => moneyToGraph(placed.shipping),
  tax: ({ placed }: Order) => moneyToGraph(placed.tax),
  total: ({ placed }: Order) => moneyToGraph(placed.total),
  payments: (order: Order) => payments(order),
  shipments: ({ shipments }: Order) => shipments.map(toGraphShipment),
  delivery: ({ placed }: Order) => toGraphDelivery(placed.delivery),
  cancelReason: (order: Order) => (order.status === 'CANCELLED' ? order.reason : null),
}

interface GraphPayment {
  readonly status: Payment['status']
  readonly amount: GraphMoney
  readonly declineReason: string | null
}

/** A cancelled order whose payment was never asked for, or never answered, has none to show. */
function payments({ status, payment, surplus, placed }: Order): readonly GraphPayment[] {
  const amount = moneyToGraph(placed.total)
  const declineReason = payment.status === 'DECLINED' ? payment.reason : null
  const counted =
    status === 'CANCELLED' && payment.status === 'PENDING'
      ? []
      : [{ status: payment.status, amount, declineReason }]
  return [...counted, ...surplus.map((extra) => ({ status: extra.status, amount, declineReason: null }))]
}

function toGraphShipment(shipment: Shipment): object {
  return { ...shipment, location: { locationId: shipment.locationId } }
}

function toGraphDelivery({ method, address, locationId }: EventDelivery): object {
  return { method, address: address ?? null, location: locationId ? { locationId } : null }
}

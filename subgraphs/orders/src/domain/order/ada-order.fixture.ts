import type { Result } from '@stoa/platform/result'
import type { EventQuantity, OrderCreated, ShipmentProcessed, StockAllocation } from '@stoa/schema/events'
import { type OrderCommand, orderDecider } from './decider.ts'
import type { OrderEvent } from './event.ts'
import type { OrderRefusal } from './refusal.ts'
import type { OrderState } from './state.ts'

/** What happened to an order so far, and then a command: what is decided. */
export function given(...events: readonly OrderEvent[]): Given {
  return { when: (command) => orderDecider.decide(fold(events), command) }
}

interface Given {
  readonly when: (command: OrderCommand) => Result<readonly OrderEvent[], OrderRefusal>
}

export function fold(events: readonly OrderEvent[]): OrderState {
  return events.reduce(orderDecider.evolve, orderDecider.initial)
}

const EUR = 'EUR'
export const total: OrderCreated['total'] = { minor: 4_590, currency: EUR }

/** What a carrier's notice says. */
export const notice: Pick<ShipmentProcessed, 'carrier' | 'trackingNumber' | 'shippedAt'> = {
  carrier: 'Posta',
  trackingNumber: 'TR-1',
  shippedAt: 1_700_000_000_000,
}
const shirt: EventQuantity = { lineId: 'L1', sku: 'TEE-1', quantity: 2 }
const mug: EventQuantity = { lineId: 'L2', sku: 'MUG-1', quantity: 1 }

/** Ada buys two shirts and a mug: 2 × 15.00 + 10.00, and 5.90 for delivery to Turin. */
export const adaOrder: OrderCreated = {
  orderId: 'O-1',
  orderNumber: '481-209-3375',
  customerId: 'CU-ADA',
  email: 'ada@example.test',
  language: 'it',
  market: 'IT',
  lines: [
    { ...shirt, productId: 'P-1', name: 'Shirt', unitPrice: eur(1_500), total: eur(3_000) },
    { ...mug, productId: 'P-2', name: 'Mug', unitPrice: eur(1_000), total: eur(1_000) },
  ],
  subtotal: eur(4_000),
  shipping: eur(590),
  tax: eur(828),
  total,
  delivery: {
    method: 'DELIVERY',
    address: { name: 'Ada', line1: 'Via Roma 1', postalCode: '10121', city: 'Torino', country: 'IT' },
  },
  paymentToken: 'tok_ada',
}

export const created: OrderEvent = { type: 'OrderCreated', data: adaOrder }
export const processed: OrderEvent = {
  type: 'OrderProcessed',
  data: {
    orderId: 'O-1',
    paymentId: 'PAY-1',
    amount: total,
    market: 'IT',
    lines: [shirt, mug],
    delivery: adaOrder.delivery,
  },
}

/** The shirts come from Milan, the mug from Turin. */
export const allocations: readonly StockAllocation[] = [
  { locationId: 'DC-MILAN', lines: [shirt] },
  { locationId: 'ST-TURIN', lines: [mug] },
]
export const first: OrderEvent = prepared('O-1-1', 'DC-MILAN', [shirt])
export const second: OrderEvent = prepared('O-1-2', 'ST-TURIN', [mug])
export const firstShipped: OrderEvent = shipped('O-1-1', 'DC-MILAN', [shirt])
export const secondShipped: OrderEvent = shipped('O-1-2', 'ST-TURIN', [mug])
export const firstStopped: OrderEvent = {
  type: 'ShipmentCancelled',
  data: { orderId: 'O-1', shipmentId: 'O-1-1' },
}
export const secondStopped: OrderEvent = {
  type: 'ShipmentCancelled',
  data: { orderId: 'O-1', shipmentId: 'O-1-2' },
}

export const fulfilled: OrderEvent = {
  type: 'OrderFulfilled',
  data: {
    orderId: 'O-1',
    orderNumber: '481-209-3375',
    customerId: 'CU-ADA',
    market: 'IT',
    paymentId: 'PAY-1',
    lines: adaOrder.lines,
    tax: adaOrder.tax,
    shipping: adaOrder.shipping,
    total,
  },
}
export const captured: OrderEvent = {
  type: 'PaymentCaptured',
  data: { orderId: 'O-1', paymentId: 'PAY-1', amount: total },
}
export const voided: OrderEvent = {
  type: 'PaymentVoided',
  data: { orderId: 'O-1', paymentId: 'PAY-1', amount: total },
}
export const cancelAsked: OrderEvent = cancelAskedFor('O-1-1', 'O-1-2')
export const cancelRefused: OrderEvent = {
  type: 'OrderCancellationRefused',
  data: { orderId: 'O-1', reason: 'Shipment O-1-1 had left.' },
}
export const cancelled: OrderEvent = {
  type: 'OrderCancelled',
  data: { orderId: 'O-1', reason: 'CUSTOMER', paymentId: 'PAY-1' },
}
export const cancelledUnpaid: OrderEvent = {
  type: 'OrderCancelled',
  data: { orderId: 'O-1', reason: 'CUSTOMER' },
}

/** Named beginnings: what happened until the order stood there. */
export const stories: Readonly<Record<StoryName, readonly OrderEvent[]>> = {
  created: [created],
  processed: [created, processed],
  prepared: [created, processed, first, second],
  partlyShipped: [created, processed, first, second, firstShipped],
  fulfilled: [created, processed, first, second, firstShipped, secondShipped, fulfilled],
  captured: [created, processed, first, second, firstShipped, secondShipped, fulfilled, captured],
  cancelAsked: [created, processed, first, second, cancelAsked],
  cancelled: [created, processed, cancelled],
  cancelledUnpaid: [created, cancelledUnpaid],
}

type StoryName =
  | 'created'
  | 'processed'
  | 'prepared'
  | 'partlyShipped'
  | 'fulfilled'
  | 'captured'
  | 'cancelAsked'
  | 'cancelled'
  | 'cancelledUnpaid'

/** A shipment that a location is to pick. */
export function prepared(
  shipmentId: string,
  locationId: string,
  lines: readonly EventQuantity[],
): OrderEvent {
  const { delivery } = adaOrder
  return { type: 'ShipmentPrepared', data: { orderId: 'O-1', shipmentId, locationId, lines, delivery } }
}

/** Ada wants these shipments stopped. */
export function cancelAskedFor(...shipmentIds: readonly string[]): OrderEvent {
  const data = { orderId: 'O-1', reason: 'too small', by: 'CUSTOMER', shipmentIds } as const
  return { type: 'OrderCancellationRequested', data }
}

function shipped(shipmentId: string, locationId: string, lines: readonly EventQuantity[]): OrderEvent {
  return { type: 'ShipmentProcessed', data: { orderId: 'O-1', shipmentId, locationId, lines, ...notice } }
}

function eur(minor: number): OrderCreated['total'] {
  return { minor, currency: EUR }
}

import { invariant } from '@stoa/platform/invariant'
import type { OrderCancelled, PaymentVoided } from '@stoa/schema/events'
import type { OrderEvent } from './event.ts'
import { cancelledShipment, preparedShipment, shippedShipment } from './shipments.ts'
import type { CancelledOrder, Order, OrderState, Shipment } from './state.ts'
import { describe } from './timeline.ts'

/** What is true of an order after a fact. A fact that cannot follow from the state is a bug, so it throws. */
export function evolve(state: OrderState, event: OrderEvent): OrderState {
  const order = apply(state, event)
  const last = order.timeline.at(-1)?.at ?? 0
  const moment = { type: event.type, at: event.at ?? last, text: describe(event) }
  return { ...order, timeline: [...order.timeline, moment] }
}

function apply(state: OrderState, event: OrderEvent): Order {
  if (event.type === 'OrderCreated') {
    invariant(state.status === 'NONE', `${event.data.orderId} is created once`)
    const nothingYet = { surplus: [], shipments: [], timeline: [] }
    return { status: 'CREATED', placed: event.data, payment: { status: 'PENDING' }, ...nothingYet }
  }
  invariant(state.status !== 'NONE', `${event.type} follows OrderCreated`)
  switch (event.type) {
    case 'OrderProcessed':
    case 'PaymentDeclined':
    case 'PaymentCaptured':
    case 'PaymentVoided':
    case 'SurplusPaymentAuthorised':
      return applyPayment(state, event)
    case 'ShipmentPrepared':
    case 'ShipmentCancelled':
    case 'ShipmentProcessed':
      return applyShipment(state, event)
    case 'OrderFulfilled':
    case 'OrderPosted':
    case 'OrderCancellationRequested':
    case 'OrderCancellationRefused':
    case 'OrderCancelled':
      return applyCourse(state, event)
  }
}

type PaymentEvent = Extract<
  OrderEvent,
  {
    type:
      | 'OrderProcessed'
      | 'PaymentDeclined'
      | 'PaymentCaptured'
      | 'PaymentVoided'
      | 'SurplusPaymentAuthorised'
  }
>

function applyPayment(order: Order, event: PaymentEvent): Order {
  const { type, data } = event
  switch (type) {
    case 'OrderProcessed':
      invariant(order.status === 'CREATED', `${type} follows CREATED, not ${order.status}`)
      return { ...order, status: 'PROCESSED', payment: { status: 'AUTHORISED', paymentId: data.paymentId } }
    case 'PaymentDeclined':
      invariant(order.status === 'CREATED', `${type} follows CREATED, not ${order.status}`)
      return { ...order, payment: { status: 'DECLINED', reason: data.reason } }
    case 'PaymentCaptured':
      invariant(order.status === 'FULFILLED', `${type} follows FULFILLED, not ${order.status}`)
      invariant(order.payment.status === 'AUTHORISED', 'money is taken once')
      return { ...order, payment: { status: 'CAPTURED', paymentId: data.paymentId } }
    case 'PaymentVoided':
      return applyVoided(order, data)
    case 'SurplusPaymentAuthorised':
      return { ...order, surplus: [...order.surplus, { paymentId: data.paymentId, status: 'AUTHORISED' }] }
  }
}

function applyVoided(order: Order, { paymentId }: PaymentVoided): Order {
  if (order.surplus.some((payment) => payment.paymentId === paymentId)) {
    const surplus = order.surplus.map((payment) =>
      payment.paymentId === paymentId ? { paymentId, status: 'VOIDED' as const } : payment,
    )
    return { ...order, surplus }
  }
  invariant(order.status === 'CANCELLED', `PaymentVoided follows CANCELLED, not ${order.status}`)
  return { ...order, payment: { status: 'VOIDED', paymentId } }
}

type ShipmentEvent = Extract<
  OrderEvent,
  { type: 'ShipmentPrepared' | 'ShipmentCancelled' | 'ShipmentProcessed' }
>

function applyShipment(order: Order, event: ShipmentEvent): Order {
  const { type, data } = event
  switch (type) {
    case 'ShipmentPrepared': {
      const canPrepare =
        order.status === 'PROCESSED' || order.status === 'PREPARED' || order.status === 'PARTLY_SHIPPED'
      invariant(canPrepare, `${type} follows PROCESSED or later, not ${order.status}`)
      const shipments = [...order.shipments, preparedShipment(data)]
      return {
        ...order,
        status: order.status === 'PARTLY_SHIPPED' ? 'PARTLY_SHIPPED' : 'PREPARED',
        shipments,
      }
    }
    case 'ShipmentCancelled':
      invariant(isUnderWay(order), `${type} follows PREPARED or later, not ${order.status}`)
      return { ...order, shipments: cancelledShipment(order.shipments, data.shipmentId) }
    case 'ShipmentProcessed': {
      invariant(isUnderWay(order), `${type} follows PREPARED or later, not ${order.status}`)
      const shipments = shippedShipment(order.shipments, data)
      // A wish to cancel stays open until it is refused, which the next fact says.
      return order.status === 'CANCELLATION_REQUESTED'
        ? { ...order, shipments }
        : { ...order, status: 'PARTLY_SHIPPED', shipments }
    }
  }
}

type CourseEvent = Extract<
  OrderEvent,
  {
    type:
      | 'OrderFulfilled'
      | 'OrderPosted'
      | 'OrderCancellationRequested'
      | 'OrderCancellationRefused'
      | 'OrderCancelled'
  }
>

function applyCourse(order: Order, event: CourseEvent): Order {
  const { type, data } = event
  switch (type) {
    case 'OrderFulfilled':
      invariant(order.status === 'PARTLY_SHIPPED', `${type} follows PARTLY_SHIPPED, not ${order.status}`)
      return { ...order, status: 'FULFILLED' }
    case 'OrderPosted':
      invariant(order.status === 'FULFILLED', `${type} follows FULFILLED, not ${order.status}`)
      return { ...order, postingId: data.postingId }
    case 'OrderCancellationRequested':
      invariant(order.status === 'PREPARED', `${type} follows PREPARED, not ${order.status}`)
      return {
        ...order,
        status: 'CANCELLATION_REQUESTED',
        by: data.by ?? 'CUSTOMER',
        asked: data.shipmentIds,
      }
    case 'OrderCancellationRefused': {
      invariant(
        order.status === 'CANCELLATION_REQUESTED',
        `${type} follows a wish to cancel, not ${order.status}`,
      )
      const { by: _by, asked: _asked, ...rest } = order
      return { ...rest, status: order.shipments.some(isShipped) ? 'PARTLY_SHIPPED' : 'PREPARED' }
    }
    case 'OrderCancelled':
      return applyCancelled(order, data)
  }
}

function applyCancelled(order: Order, { reason }: OrderCancelled): CancelledOrder {
  invariant(
    order.status !== 'PARTLY_SHIPPED' && order.status !== 'FULFILLED',
    'what was shipped is not cancelled',
  )
  invariant(order.status !== 'CANCELLED', 'an order is cancelled once')
  const { placed, surplus, timeline, payment } = order
  const shipments = order.shipments.map((shipment) => ({ ...shipment, status: 'CANCELLED' as const }))
  return { status: 'CANCELLED', reason, placed, surplus, timeline, payment, shipments }
}

function isUnderWay(order: Order): order is UnderWay {
  return (
    order.status === 'PREPARED' ||
    order.status === 'PARTLY_SHIPPED' ||
    order.status === 'CANCELLATION_REQUESTED'
  )
}

type UnderWay = Extract<Order, { status: 'PREPARED' | 'PARTLY_SHIPPED' | 'CANCELLATION_REQUESTED' }>

function isShipped(shipment: Shipment): boolean {
  return shipment.status === 'SHIPPED'
}

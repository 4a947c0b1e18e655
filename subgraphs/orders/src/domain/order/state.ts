import type { EventCancelReason, EventQuantity, OrderCreated } from '@stoa/schema/events'

/** Where an order stands. What a state does not have cannot be asked of it. */
export type OrderState = NoOrder | Order

export type Order =
  | CreatedOrder
  | ProcessedOrder
  | PreparedOrder
  | PartlyShippedOrder
  | FulfilledOrder
  | CancellationRequestedOrder
  | CancelledOrder

export type OrderStatus = Order['status']

export interface NoOrder {
  readonly status: 'NONE'
}

/** What is true of an order in every state. */
export interface Placed {
  /** As it was checked out. */
  readonly placed: OrderCreated
  /** Authorisations beyond the one that counts; each must be given back. */
  readonly surplus: readonly SurplusPayment[]
  readonly shipments: readonly Shipment[]
  readonly timeline: readonly Moment[]
}

export interface CreatedOrder extends Placed {
  readonly status: 'CREATED'
  readonly payment: PendingPayment | DeclinedPayment
}

export interface ProcessedOrder extends Placed {
  readonly status: 'PROCESSED'
  readonly payment: AuthorisedPayment
}

export interface PreparedOrder extends Placed {
  readonly status: 'PREPARED'
  readonly payment: AuthorisedPayment
}

export interface PartlyShippedOrder extends Placed {
  readonly status: 'PARTLY_SHIPPED'
  readonly payment: AuthorisedPayment
}

export interface FulfilledOrder extends Placed {
  readonly status: 'FULFILLED'
  readonly payment: AuthorisedPayment | CapturedPayment
  /** The ERP's document number, once it is booked. */
  readonly postingId?: string
}

export interface CancellationRequestedOrder extends Placed {
  readonly status: 'CANCELLATION_REQUESTED'
  readonly payment: AuthorisedPayment
  readonly by: EventCancelReason
  /** Which shipments the warehouse was asked to stop. */
  readonly asked: readonly string[]
}

export interface CancelledOrder extends Placed {
  readonly status: 'CANCELLED'
  readonly reason: EventCancelReason
  readonly payment: PendingPayment | DeclinedPayment | AuthorisedPayment | VoidedPayment
}

export type Payment = Order['payment']

export interface PendingPayment {
  readonly status: 'PENDING'
}

export interface DeclinedPayment {
  readonly status: 'DECLINED'
  readonly reason: string
}

export interface AuthorisedPayment {
  readonly status: 'AUTHORISED'
  readonly paymentId: string
}

export interface CapturedPayment {
  readonly status: 'CAPTURED'
  readonly paymentId: string
}

export interface VoidedPayment {
  readonly status: 'VOIDED'
  readonly paymentId: string
}

export interface SurplusPayment {
  readonly paymentId: string
  readonly status: 'AUTHORISED' | 'VOIDED'
}

export type Shipment = PreparedShipment | CancelledShipment | ShippedShipment

interface AnyShipment {
  readonly shipmentId: string
  readonly locationId: string
  readonly lines: readonly EventQuantity[]
}

export interface PreparedShipment extends AnyShipment {
  readonly status: 'PREPARED'
}

export interface CancelledShipment extends AnyShipment {
  readonly status: 'CANCELLED'
}

export interface ShippedShipment extends AnyShipment {
  readonly status: 'SHIPPED'
  readonly carrier: string
  readonly trackingNumber: string
  /** Epoch milliseconds. */
  readonly shippedAt: number
}

export interface Moment {
  readonly type: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly text: string
}

export const noOrder: NoOrder = { status: 'NONE' }

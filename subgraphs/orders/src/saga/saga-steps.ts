import type { LaterCommand } from '../domain/order/decider.ts'
import type { OrderEvent } from '../domain/order/event.ts'

/** What an order waits for, one thing at a time: how the reactions look to somebody who follows one order. */
export interface SagaStep {
  readonly name: SagaStepName
  readonly says: string
  /** How long it may take, seconds; then a person looks at it. */
  readonly withinS: number
  readonly ways: readonly SagaWay[]
}

export type SagaStepName =
  | 'AuthorisePayment'
  | 'ReserveStock'
  | 'SendGoods'
  | 'StopPicks'
  | 'CapturePayment'
  | 'PostOrder'
  | 'VoidPayment'

/** One way a step may end. */
export interface SagaWay {
  /** The reaction that brings it about; `customer` when somebody asked for it in the graph. */
  readonly by: string
  /** The fact it reacts to. */
  readonly on?: string
  /** What it asks of the order. */
  readonly command: LaterCommand['type']
  /** The last fact of the order that says where it goes on. */
  readonly fact: OrderEvent['type']
  readonly next: SagaStepName | 'Done' | 'Cancelled'
}

const DAY_S = 86_400

/**
 * The course of an order as a table. It runs nothing: reactions and the decider do, and a test holds this against
 * both, way by way.
 */
export const sagaSteps: readonly SagaStep[] = [
  {
    name: 'AuthorisePayment',
    says: 'The payment provider reserves the total.',
    withinS: DAY_S,
    ways: [
      {
        by: 'orders.payment',
        on: 'OrderCreated',
        command: 'recordPaymentAuthorised',
        fact: 'OrderProcessed',
        next: 'ReserveStock',
      },
      {
        by: 'orders.payment',
        on: 'OrderCreated',
        command: 'recordPaymentAuthorised',
        fact: 'SurplusPaymentAuthorised',
        next: 'VoidPayment',
      },
      {
        by: 'orders.payment',
        on: 'OrderCreated',
        command: 'recordPaymentDeclined',
        fact: 'OrderCancelled',
        next: 'Cancelled',
      },
    ],
  },
  {
    name: 'ReserveStock',
    says: 'Inventory finds the goods, or does not.',
    withinS: DAY_S,
    ways: [
      {
        by: 'orders.prepare',
        on: 'StockReserved',
        command: 'prepareShipments',
        fact: 'ShipmentPrepared',
        next: 'SendGoods',
      },
      {
        by: 'orders.reject',
        on: 'StockRejected',
        command: 'rejectForStock',
        fact: 'OrderCancelled',
        next: 'VoidPayment',
      },
      { by: 'customer', command: 'cancelOrder', fact: 'OrderCancelled', next: 'VoidPayment' },
    ],
  },
  {
    name: 'SendGoods',
    says: 'The warehouses send one shipment after another; what they cannot send is prepared again.',
    withinS: 30 * DAY_S,
    ways: [
      {
        by: 'orders.shipped',
        on: 'WarehouseShipped',
        command: 'recordShipped',
        fact: 'ShipmentProcessed',
        next: 'SendGoods',
      },
      {
        by: 'orders.shipped',
        on: 'WarehouseShipped',
        command: 'recordShipped',
        fact: 'OrderFulfilled',
        next: 'CapturePayment',
      },
      {
        by: 'orders.pick-cancelled',
        on: 'PickCancelled',
        command: 'recordPickCancelled',
        fact: 'ShipmentPrepared',
        next: 'SendGoods',
      },
      {
        by: 'orders.lapsed',
        on: 'StockReleased',
        command: 'endForLapse',
        fact: 'OrderCancelled',
        next: 'VoidPayment',
      },
      {
        by: 'customer',
        command: 'cancelOrder',
        fact: 'OrderCancellationRequested',
        next: 'StopPicks',
      },
    ],
  },
  {
    name: 'StopPicks',
    says: 'Somebody wants the order stopped; the warehouses say what can be.',
    withinS: 7 * DAY_S,
    ways: [
      {
        by: 'orders.pick-cancelled',
        on: 'PickCancelled',
        command: 'recordPickCancelled',
        fact: 'ShipmentCancelled',
        next: 'StopPicks',
      },
      {
        by: 'orders.pick-cancelled',
        on: 'PickCancelled',
        command: 'recordPickCancelled',
        fact: 'OrderCancelled',
        next: 'VoidPayment',
      },
      {
        by: 'orders.pick-cancellation-refused',
        on: 'PickCancellationRefused',
        command: 'recordPickCancellationRefused',
        fact: 'OrderCancellationRefused',
        next: 'SendGoods',
      },
      {
        by: 'orders.shipped',
        on: 'WarehouseShipped',
        command: 'recordShipped',
        fact: 'OrderCancellationRefused',
        next: 'SendGoods',
      },
      {
        by: 'orders.lapsed',
        on: 'StockReleased',
        command: 'endForLapse',
        fact: 'OrderCancelled',
        next: 'VoidPayment',
      },
    ],
  },
  {
    name: 'CapturePayment',
    says: 'Everything was sent: the provider takes the money.',
    withinS: DAY_S,
    ways: [
      {
        by: 'orders.capture',
        on: 'OrderFulfilled',
        command: 'recordCaptured',
        fact: 'PaymentCaptured',
        next: 'PostOrder',
      },
    ],
  },
  {
    name: 'PostOrder',
    says: 'The books take it in.',
    withinS: DAY_S,
    ways: [
      {
        by: 'orders.posting',
        on: 'PaymentCaptured',
        command: 'recordPosted',
        fact: 'OrderPosted',
        next: 'Done',
      },
    ],
  },
  {
    name: 'VoidPayment',
    says: 'The compensation: what was reserved goes back.',
    withinS: DAY_S,
    ways: [
      {
        by: 'orders.void',
        on: 'OrderCancelled',
        command: 'recordVoided',
        fact: 'PaymentVoided',
        next: 'Cancelled',
      },
      {
        by: 'orders.void',
        on: 'SurplusPaymentAuthorised',
        command: 'recordVoided',
        fact: 'PaymentVoided',
        next: 'Cancelled',
      },
    ],
  },
]

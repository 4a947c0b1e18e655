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

/** `by`, `on`, `command`, `fact`, `next`. */
type Row = readonly [
  by: string,
  on: string | undefined,
  command: SagaWay['command'],
  fact: SagaWay['fact'],
  next: SagaWay['next'],
]

interface StepRows extends Omit<SagaStep, 'ways'> {
  readonly rows: readonly Row[]
}

/**
 * The course of an order as a table. It runs nothing: reactions and the decider do, and a test holds this against
 * both, way by way.
 */
export const sagaSteps: readonly SagaStep[] = steps().map(({ rows, ...step }) => ({
  ...step,
  ways: rows.map(toWay),
}))

function toWay([by, on, command, fact, next]: Row): SagaWay {
  return { by, ...(on === undefined ? {} : { on }), command, fact, next }
}

/** Longer than a function may be: it is a table, and a table is read whole. */
function steps(): readonly StepRows[] {
  return [
    {
      name: 'AuthorisePayment',
      says: 'The payment provider reserves the total.',
      withinS: DAY_S,
      rows: [
        ['orders.payment', 'OrderCreated', 'recordPaymentAuthorised', 'OrderProcessed', 'ReserveStock'],
        [
          'orders.payment',
          'OrderCreated',
          'recordPaymentAuthorised',
          'SurplusPaymentAuthorised',
          'VoidPayment',
        ],
        ['orders.payment', 'OrderCreated', 'recordPaymentDeclined', 'OrderCancelled', 'Cancelled'],
      ],
    },
    {
      name: 'ReserveStock',
      says: 'Inventory finds the goods, or does not.',
      withinS: DAY_S,
      rows: [
        ['orders.prepare', 'StockReserved', 'prepareShipments', 'ShipmentPrepared', 'SendGoods'],
        ['orders.reject', 'StockRejected', 'rejectForStock', 'OrderCancelled', 'VoidPayment'],
        ['customer', undefined, 'cancelOrder', 'OrderCancelled', 'VoidPayment'],
      ],
    },
    {
      name: 'SendGoods',
      says: 'The warehouses send one shipment after another; what they cannot send is prepared again.',
      withinS: 30 * DAY_S,
      rows: [
        ['orders.shipped', 'WarehouseShipped', 'recordShipped', 'ShipmentProcessed', 'SendGoods'],
        ['orders.shipped', 'WarehouseShipped', 'recordShipped', 'OrderFulfilled', 'CapturePayment'],
        ['orders.pick-cancelled', 'PickCancelled', 'recordPickCancelled', 'ShipmentPrepared', 'SendGoods'],
        ['orders.lapsed', 'StockReleased', 'endForLapse', 'OrderCancelled', 'VoidPayment'],
        ['customer', undefined, 'cancelOrder', 'OrderCancellationRequested', 'StopPicks'],
      ],
    },
    {
      name: 'StopPicks',
      says: 'Somebody wants the order stopped; the warehouses say what can be.',
      withinS: 7 * DAY_S,
      rows: [
        ['orders.pick-cancelled', 'PickCancelled', 'recordPickCancelled', 'ShipmentCancelled', 'StopPicks'],
        ['orders.pick-cancelled', 'PickCancelled', 'recordPickCancelled', 'OrderCancelled', 'VoidPayment'],
        [
          'orders.pick-cancellation-refused',
          'PickCancellationRefused',
          'recordPickCancellationRefused',
          'OrderCancellationRefused',
          'SendGoods',
        ],
        ['orders.shipped', 'WarehouseShipped', 'recordShipped', 'OrderCancellationRefused', 'SendGoods'],
        ['orders.lapsed', 'StockReleased', 'endForLapse', 'OrderCancelled', 'VoidPayment'],
      ],
    },
    {
      name: 'CapturePayment',
      says: 'Everything was sent: the provider takes the money.',
      withinS: DAY_S,
      rows: [['orders.capture', 'OrderFulfilled', 'recordCaptured', 'PaymentCaptured', 'PostOrder']],
    },
    {
      name: 'PostOrder',
      says: 'The books take it in.',
      withinS: DAY_S,
      rows: [['orders.posting', 'PaymentCaptured', 'recordPosted', 'OrderPosted', 'Done']],
    },
    {
      name: 'VoidPayment',
      says: 'The compensation: what was reserved goes back.',
      withinS: DAY_S,
      rows: [
        ['orders.void', 'OrderCancelled', 'recordVoided', 'PaymentVoided', 'Cancelled'],
        ['orders.void', 'SurplusPaymentAuthorised', 'recordVoided', 'PaymentVoided', 'Cancelled'],
      ],
    },
  ]
}

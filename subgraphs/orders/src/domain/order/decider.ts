import type { Decider } from '@stoa/platform/decider'
import type { Result } from '@stoa/platform/result'
import { type CancelOrder, cancelOrder } from './cancel-order.ts'
import { type EndForLapse, endForLapse } from './end-for-lapse.ts'
import type { OrderEvent } from './event.ts'
import { evolve } from './evolve.ts'
import { type PlaceOrder, placeOrder } from './place-order.ts'
import { type PrepareShipments, prepareShipments } from './prepare-shipments.ts'
import { type RecordCaptured, recordCaptured } from './record-captured.ts'
import { type RecordPaymentAuthorised, recordPaymentAuthorised } from './record-payment-authorised.ts'
import { type RecordPaymentDeclined, recordPaymentDeclined } from './record-payment-declined.ts'
import {
  type RecordPickCancellationRefused,
  recordPickCancellationRefused,
} from './record-pick-cancellation-refused.ts'
import { type RecordPickCancelled, recordPickCancelled } from './record-pick-cancelled.ts'
import { type RecordPosted, recordPosted } from './record-posted.ts'
import { type RecordShipped, recordShipped } from './record-shipped.ts'
import { type RecordVoided, recordVoided } from './record-voided.ts'
import { notFound, type OrderRefusal } from './refusal.ts'
import { type RejectForStock, rejectForStock } from './reject-for-stock.ts'
import { noOrder, type Order, type OrderState } from './state.ts'

export type OrderCommand = PlaceOrder | LaterCommand

/** What may be asked of an order that is there. */
export type LaterCommand =
  | CancelOrder
  | EndForLapse
  | PrepareShipments
  | RecordCaptured
  | RecordPaymentAuthorised
  | RecordPaymentDeclined
  | RecordPickCancellationRefused
  | RecordPickCancelled
  | RecordPosted
  | RecordShipped
  | RecordVoided
  | RejectForStock

/** One order, from checkout to its end. Every fact may come twice, late or out of order. */
export const orderDecider: Decider<OrderState, OrderCommand, OrderEvent, OrderRefusal> = {
  initial: noOrder,
  decide: (state, command) => {
    if (command.type === 'placeOrder') return placeOrder(state, command)
    return state.status === 'NONE' ? notFound() : decideLater(state, command)
  },
  evolve,
}

function decideLater(order: Order, command: LaterCommand): Result<readonly OrderEvent[], OrderRefusal> {
  switch (command.type) {
    case 'cancelOrder':
      return cancelOrder(order, command)
    case 'endForLapse':
      return endForLapse(order, command)
    case 'prepareShipments':
      return prepareShipments(order, command)
    case 'recordCaptured':
      return recordCaptured(order, command)
    case 'recordPaymentAuthorised':
      return recordPaymentAuthorised(order, command)
    case 'recordPaymentDeclined':
      return recordPaymentDeclined(order, command)
    case 'recordPickCancellationRefused':
      return recordPickCancellationRefused(order, command)
    case 'recordPickCancelled':
      return recordPickCancelled(order, command)
    case 'recordPosted':
      return recordPosted(order, command)
    case 'recordShipped':
      return recordShipped(order, command)
    case 'recordVoided':
      return recordVoided(order, command)
    case 'rejectForStock':
      return rejectForStock(order, command)
  }
}

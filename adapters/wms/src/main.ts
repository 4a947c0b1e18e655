import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { openUpstream } from '@stoa/platform/upstream'
import type { EventDelivery, EventQuantity } from '@stoa/schema/events'
import { cancelAnswer, pickAnswer, toPickOrder } from './translate.ts'

/** Granaio, a warehouse management system: takes pick orders, and tells by notice when goods have left. */
export interface WmsClient extends AsyncDisposable {
  /** Asks for one shipment, once, however often it is called. A pick that was cancelled before stays cancelled. */
  pick(request: PickRequest): Promise<void>
  /** `shipped` means too late. A shipment it never heard of counts as cancelled, also when its pick comes later. */
  cancelPick(request: CancelPickRequest): Promise<'cancelled' | 'shipped'>
}

export interface WmsClientOptions {
  readonly url: string
  readonly log: Log
  readonly timeoutMs?: number
  readonly clock?: Clock
}

export interface PickRequest {
  readonly orderId: string
  readonly shipmentId: string
  readonly locationId: string
  readonly lines: readonly EventQuantity[]
  readonly delivery: EventDelivery
  readonly signal: AbortSignal
}

export interface CancelPickRequest {
  readonly shipmentId: string
  readonly signal: AbortSignal
}

export function createWmsClient(options: WmsClientOptions): WmsClient {
  const upstream = openUpstream({ name: 'warehouse', ...options })
  return {
    async pick(request) {
      await upstream.call({
        method: 'POST',
        path: '/pick-orders',
        body: toPickOrder(request),
        accept: [200, 202],
        answer: pickAnswer,
        repeatable: true,
        signal: request.signal,
      })
    },
    async cancelPick({ shipmentId, signal }) {
      const { body } = await upstream.call({
        method: 'POST',
        path: `/pick-orders/${encodeURIComponent(shipmentId)}/cancel`,
        body: {},
        accept: [200, 409],
        answer: cancelAnswer,
        repeatable: true,
        signal,
      })
      return body.status === 'goods_issued' ? 'shipped' : 'cancelled'
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

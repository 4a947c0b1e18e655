import type { EventDelivery, EventQuantity } from '@stoa/schema/events'

/** The warehouses, as far as stock needs them. */
export interface Warehouse {
  /**
   * Asks a location to pick and ship; idempotent by `shipmentId`. Throws a retryable fault while the warehouse is down.
   * A shipment whose pick was cancelled before it was asked for must not be picked.
   */
  pick(request: PickRequest): Promise<void>
  /** Asks it not to. `shipped` means too late. A shipment it never heard of counts as cancelled. */
  cancelPick(request: CancelPickRequest): Promise<'cancelled' | 'shipped'>
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

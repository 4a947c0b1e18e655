import { ok, type Result } from '@stoa/platform/result'
import type { StockAllocation } from '@stoa/schema/events'
import type { OrderEvent } from './event.ts'
import { type OrderRefusal, refuse, tooEarly } from './refusal.ts'
import { shipmentPrepared } from './shipments.ts'
import type { Order } from './state.ts'

export interface PrepareShipments {
  readonly type: 'prepareShipments'
  readonly allocations: readonly StockAllocation[]
}

/** Stock is reserved: one shipment for each location that has some of it. */
export function prepareShipments(
  order: Order,
  { allocations }: PrepareShipments,
): Result<readonly OrderEvent[], OrderRefusal> {
  switch (order.status) {
    case 'CREATED':
      return tooEarly(order, 'a reservation of stock')
    case 'PROCESSED':
      return coversOrder(order, allocations)
        ? ok(allocations.map((part, i) => shipmentPrepared(order, { ...part, number: i + 1 })))
        : refuse(
            'ALLOCATION_MISMATCH',
            `Expected stock for exactly the lines of ${order.placed.orderId}. Reserve it again.`,
          )
    case 'PREPARED':
    case 'PARTLY_SHIPPED':
    case 'FULFILLED':
    case 'CANCELLATION_REQUESTED':
    case 'CANCELLED':
      return ok([])
  }
}

/** Each line's quantity is allocated in full, and nothing else is. */
function coversOrder(order: Order, allocations: readonly StockAllocation[]): boolean {
  const open = new Map(order.placed.lines.map((line) => [`${line.lineId} ${line.sku}`, line.quantity]))
  for (const { lineId, sku, quantity } of allocations.flatMap((part) => part.lines)) {
    const key = `${lineId} ${sku}`
    if (quantity < 1) return false
    open.set(key, (open.get(key) ?? 0) - quantity)
  }
  return allocations.every((part) => part.lines.length > 0) && open.values().every((left) => left === 0)
}

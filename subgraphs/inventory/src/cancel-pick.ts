import type { EventMeta } from '@stoa/platform/event'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import type { EventOf } from '@stoa/schema/events'
import type { Warehouse } from './ports.ts'

export interface CancelPick {
  readonly orderId: string
  readonly shipmentId: string
  readonly meta: EventMeta
  readonly signal: AbortSignal
}

/**
 * Asks the warehouse not to send a shipment and tells what it said, once: the stream `pick-<shipmentId>` has room for
 * one answer. The pick itself may still be on its way; the warehouse remembers that it is not wanted (see the port).
 */
export async function cancelPick(
  parts: CommandPorts & { readonly warehouse: Warehouse },
  { orderId, shipmentId, meta, signal }: CancelPick,
): Promise<void> {
  const stream = `pick-${shipmentId}`
  const [answered] = await parts.store.load(stream, { limit: 1 })
  if (answered) return
  const answer = await parts.warehouse.cancelPick({ shipmentId, signal })
  const fact: EventOf<'PickCancelled' | 'PickCancellationRefused'> = {
    type: answer === 'cancelled' ? 'PickCancelled' : 'PickCancellationRefused',
    data: { orderId, shipmentId },
  }
  // Losing this race means that the answer is told already.
  await parts.store.commit({
    appends: [{ stream, expectedVersion: 0, events: [newEvent(parts, fact, meta)] }],
  })
}

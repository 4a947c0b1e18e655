import { Fault } from '@stoa/platform/fault'
import type { TableStore } from '@stoa/platform/table-store'
import type { Ledger } from '../ports.ts'
import { loadOrders } from '../store/order-rows.ts'
import type { Reaction } from './reaction.ts'

/** The books take an order once its money was taken: what is posted is what was paid. */
export function createLedgerReactions(parts: {
  readonly ledger: Ledger
  readonly store: TableStore
}): readonly Reaction[] {
  return [
    {
      name: 'orders.posting',
      pattern: { source: ['orders'], 'detail-type': ['PaymentCaptured'] },
      async toCommand({ type, data }, signal) {
        if (type !== 'PaymentCaptured') return undefined
        const { orderId } = data
        const [order] = await loadOrders(parts.store, [orderId])
        if (!order) throw new Fault('NOT_FOUND', `orders.posting: expected order ${orderId}, found none.`)
        const { orderNumber, market, lines, tax, shipping, total } = order.placed
        const posted = await parts.ledger.post({
          orderId,
          orderNumber,
          market,
          lines,
          tax,
          shipping,
          total,
          signal,
        })
        return { orderId, command: { type: 'recordPosted', postingId: posted.postingId } }
      },
    },
  ]
}

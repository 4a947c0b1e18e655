import type { Payments } from '../ports.ts'
import type { Reaction } from './reaction.ts'

/** What an order's course does to the customer's money. The provider knows a repeat, so each may happen again. */
export function createPaymentReactions(payments: Payments): readonly Reaction[] {
  return [authorise(payments), capture(payments), giveBack(payments)]
}

/**
 * A cancelled order is authorised too: an earlier try may have got through unheard, and only asking again tells
 * which payment must go back.
 */
function authorise(payments: Payments): Reaction {
  return {
    name: 'orders.payment',
    pattern: { source: ['orders'], 'detail-type': ['OrderCreated'] },
    async toCommand({ type, data }, signal) {
      if (type !== 'OrderCreated') return undefined
      const { orderId, total: amount, paymentToken } = data
      const answer = await payments.authorise({ orderId, amount, paymentToken, signal })
      return {
        orderId,
        command: answer.ok
          ? { type: 'recordPaymentAuthorised', paymentId: answer.value.paymentId }
          : { type: 'recordPaymentDeclined', reason: answer.error.reason },
      }
    },
  }
}

function capture(payments: Payments): Reaction {
  return {
    name: 'orders.capture',
    pattern: { source: ['orders'], 'detail-type': ['OrderFulfilled'] },
    async toCommand({ type, data }, signal) {
      if (type !== 'OrderFulfilled') return undefined
      const { orderId, paymentId, total: amount } = data
      await payments.capture({ orderId, paymentId, amount, signal })
      return { orderId, command: { type: 'recordCaptured', paymentId } }
    },
  }
}

function giveBack(payments: Payments): Reaction {
  return {
    name: 'orders.void',
    pattern: {
      source: ['orders'],
      'detail-type': ['OrderCancelled', 'SurplusPaymentAuthorised'],
      detail: { paymentId: [{ exists: true }] },
    },
    async toCommand({ type, data }, signal) {
      if (type !== 'OrderCancelled' && type !== 'SurplusPaymentAuthorised') return undefined
      const { orderId, paymentId } = data
      if (!paymentId) return undefined
      await payments.voidAuthorisation({ orderId, paymentId, signal })
      return { orderId, command: { type: 'recordVoided', paymentId } }
    },
  }
}

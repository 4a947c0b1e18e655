import { Fault } from '@stoa/platform/fault'
import { err, ok } from '@stoa/platform/result'
import type { Amount, Payments } from './ports.ts'

export interface Bank extends Payments {
  /** What became of each order's money, in order of the calls that changed something. */
  readonly entries: { readonly orderId: string; readonly what: string; readonly minor: number }[]
  /** Nobody answers the door. */
  dead: boolean
  /** Runs before the bank answers. */
  meanwhile: (() => Promise<void>) | undefined
}

/** Authorises once per order, declines the token `tok_declined`, and keeps a ledger. */
export function createBank(): Bank {
  const entries: Bank['entries'] = []
  const note = (orderId: string, what: string, amount?: Amount): void => {
    if (entries.some((entry) => entry.orderId === orderId && entry.what === what)) return
    entries.push({ orderId, what, minor: amount?.minor ?? 0 })
  }
  const bank: Bank = {
    entries,
    dead: false,
    meanwhile: undefined,
    async authorise({ orderId, amount, paymentToken }) {
      if (bank.dead) throw new Fault('UPSTREAM_UNAVAILABLE', 'The bank is closed.')
      await bank.meanwhile?.()
      if (paymentToken === 'tok_declined') return err({ code: 'DECLINED', reason: 'insufficient_funds' })
      note(orderId, 'authorised', amount)
      return ok({ paymentId: `PAY-${orderId}` })
    },
    async capture({ orderId, amount }) {
      note(orderId, 'captured', amount)
    },
    async voidAuthorisation({ orderId }) {
      note(orderId, 'voided')
    },
  }
  return bank
}

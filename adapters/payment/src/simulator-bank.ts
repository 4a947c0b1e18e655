import type { Clock } from '@stoa/platform/clock'
import type { JsonObject } from '@stoa/platform/json'
import type { Random } from '@stoa/platform/random'
import type { Journal } from '@stoa/platform/simulator-journal'
import type { VendorReply } from '@stoa/platform/simulator-wire'
import { z } from 'zod'
import type { PaymentEntry } from './simulator-ledger.ts'

/** Where the money is: replies are kept by idempotency key, declines too, so no question gets two answers. */
export interface Bank {
  /** The first reply to this key, or a refusal when the key came with another request. */
  answered(request: Keyed): VendorReply | undefined
  authorise(request: Keyed): VendorReply
  capture(request: Keyed, id: string): VendorReply
  void(request: Keyed, id: string): VendorReply
}

export interface Keyed {
  readonly key: string
  readonly digest: string
  readonly body: unknown
}

const DECLINES: Readonly<Record<string, string>> = {
  tok_declined: 'no_funds',
  tok_expired: 'card_expired',
  tok_fraud: 'fraud_suspected',
}

const amountSchema = z.object({ value: z.int().min(1), currency: z.enum(['EUR', 'GBP', 'CHF']) })
const authoriseSchema = z.object({
  reference: z.string().min(1).max(64),
  amount: amountSchema,
  source: z.object({ token: z.string() }),
})
const captureSchema = z.object({ amount: amountSchema })

export function createBank(
  journal: Journal<PaymentEntry>,
  ports: { readonly clock: Clock; readonly random: Random },
): Bank {
  const answered = new Map(journal.entries.map((entry) => [entry.key, entry]))
  const byPayment = new Map(journal.entries.flatMap((entry) => (entry.id ? [[entry.id, entry]] : [])))

  function record(request: Keyed, done: Omit<PaymentEntry, 'key' | 'request' | 'at'>): VendorReply {
    const entry: PaymentEntry = { ...done, key: request.key, request: request.digest, at: ports.clock.now() }
    journal.append(entry)
    answered.set(entry.key, entry)
    if (entry.id !== undefined) byPayment.set(entry.id, entry)
    return replyOf(entry)
  }

  function ifAuthorised(id: string, change: (payment: PaymentEntry) => VendorReply): VendorReply {
    const payment = byPayment.get(id)
    if (!payment) return refuse(404, 'unknown_authorisation')
    return payment.state === 'authorised' ? change(payment) : refuse(409, `already_${payment.state}`)
  }

  return {
    answered(request) {
      const before = answered.get(request.key)
      if (!before) return undefined
      return before.request === request.digest ? replyOf(before) : refuse(409, 'idempotency_key_reused')
    },
    authorise(request) {
      const asked = authoriseSchema.safeParse(request.body)
      if (!asked.success) return refuse(422, 'invalid_request')
      const { reference, amount, source } = asked.data
      if (source.token === 'tok_visa') {
        return record(request, { state: 'authorised', reference, amount, id: `pa_${ports.random.uuid()}` })
      }
      const decline = DECLINES[source.token] ?? 'source_unknown'
      return record(request, { state: 'declined', reference, amount, decline })
    },
    capture: (request, id) =>
      ifAuthorised(id, ({ reference, amount }) => {
        const asked = captureSchema.safeParse(request.body)
        if (!asked.success) return refuse(422, 'invalid_request')
        const taken = asked.data.amount
        if (taken.currency !== amount.currency) return refuse(422, 'wrong_currency')
        if (taken.value > amount.value) return refuse(422, 'amount_too_high')
        return record(request, { state: 'captured', reference, amount: taken, id })
      }),
    void: (request, id) =>
      ifAuthorised(id, ({ reference, amount }) =>
        record(request, { state: 'voided', reference, amount, id }),
      ),
  }
}

function replyOf({ state, id, reference, amount, decline }: PaymentEntry): VendorReply {
  if (state === 'declined')
    return { status: 402, body: { state, reference, decline, text: 'The issuer said no.' } }
  const body: JsonObject = { state, id, reference, amount: { ...amount } }
  return { status: state === 'authorised' ? 201 : 200, body }
}

export function refuse(status: number, code: string): VendorReply {
  return { status, body: { error: { code } } }
}

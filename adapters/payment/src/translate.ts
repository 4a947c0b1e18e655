import { err, ok, type Result } from '@stoa/platform/result'
import { z } from 'zod'
import type { Amount, Authorised, Declined, DeclineReason } from './main.ts'

export type TheirAuthorisation = AuthorisedAnswer | DeclinedAnswer

interface AuthorisedAnswer {
  readonly state: 'authorised' | 'captured' | 'voided'
  readonly id: string
}

interface DeclinedAnswer {
  readonly state: 'declined'
  readonly decline: string
}

export const authorisationAnswer: z.ZodType<TheirAuthorisation> = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['authorised', 'captured', 'voided']), id: z.string().min(1) }),
  z.object({ state: z.literal('declined'), decline: z.string() }),
])

export const changeAnswer: z.ZodType<{ readonly state: string }> = z.object({
  state: z.enum(['captured', 'voided']),
})

/** Their decline codes in our words; what we do not know is `other`, and their text stays with them. */
const REASONS: Readonly<Record<string, DeclineReason>> = {
  no_funds: 'insufficient_funds',
  card_expired: 'expired_card',
  fraud_suspected: 'suspected_fraud',
}

export function toAuthorised(answer: { readonly body: TheirAuthorisation }): Result<Authorised, Declined> {
  const { body } = answer
  if (body.state === 'declined') return err({ code: 'DECLINED', reason: REASONS[body.decline] ?? 'other' })
  return ok({ paymentId: body.id })
}

/** Cassa's amounts: minor units as `value`. */
export function toTheirAmount(amount: Amount): { readonly value: number; readonly currency: string } {
  return { value: amount.minor, currency: amount.currency }
}

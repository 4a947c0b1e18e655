import { z } from 'zod'

/** One thing the provider did. */
export interface PaymentEntry {
  readonly state: 'authorised' | 'declined' | 'captured' | 'voided'
  /** The authorisation it is about; a decline has none. */
  readonly id?: string | undefined
  /** The shop's reference: the order id. */
  readonly reference: string
  readonly amount: { readonly value: number; readonly currency: string }
  readonly decline?: string | undefined
  /** The idempotency key, and a digest of the request it came with. */
  readonly key: string
  readonly request: string
  /** Epoch milliseconds. */
  readonly at: number
}

export const paymentEntry: z.ZodType<PaymentEntry> = z.object({
  state: z.enum(['authorised', 'declined', 'captured', 'voided']),
  id: z.string().optional(),
  reference: z.string(),
  amount: z.object({ value: z.number(), currency: z.string() }),
  decline: z.string().optional(),
  key: z.string(),
  request: z.string(),
  at: z.number(),
})

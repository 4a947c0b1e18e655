import type { JsonObject } from '@stoa/platform/json'
import { z } from 'zod'

/** One message as the service sent it. */
export interface MessageEntry {
  readonly message: string
  readonly dedupe_key: string
  readonly recipient: { readonly channel: 'email'; readonly address: string }
  readonly template: string
  readonly locale: string
  readonly data: JsonObject
  readonly at: number
}

const order = z.object({
  dedupe_key: z.string().min(1).max(200),
  recipient: z.object({ channel: z.literal('email'), address: z.string().min(3).max(320) }),
  template: z.enum([
    'order-confirmation',
    'payment-declined',
    'parcel-on-its-way',
    'order-complete',
    'order-cancelled',
  ]),
  locale: z.string().min(2).max(35),
  data: z.record(z.string(), z.json()),
})

/** What the service accepts: a known template, a recipient, a key by which it knows a repeat. */
export const messageOrder: z.ZodType<Omit<MessageEntry, 'message' | 'at'>> = order

export const messageEntry: z.ZodType<MessageEntry> = z.object({
  ...order.shape,
  message: z.string(),
  at: z.number(),
})

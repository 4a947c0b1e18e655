import type { JsonObject } from '@stoa/platform/json'
import type { EventNotificationKind } from '@stoa/schema/events'
import { z } from 'zod'
import type { SendRequest } from './main.ts'

export const messageAnswer: z.ZodType<{ readonly message: string }> = z.object({ message: z.string().min(1) })

const TEMPLATES: Readonly<Record<EventNotificationKind, string>> = {
  ORDER_CONFIRMATION: 'order-confirmation',
  PAYMENT_DECLINED: 'payment-declined',
  SHIPPED: 'parcel-on-its-way',
  FULFILLED: 'order-complete',
  CANCELLED: 'order-cancelled',
}

export function toTheirMessage(request: SendRequest): JsonObject {
  return {
    dedupe_key: request.messageKey,
    recipient: { channel: 'email', address: request.to },
    template: TEMPLATES[request.kind],
    locale: request.language,
    data: request.facts,
  }
}

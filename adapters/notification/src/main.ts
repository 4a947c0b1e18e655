import type { Clock } from '@stoa/platform/clock'
import type { JsonObject } from '@stoa/platform/json'
import type { Log } from '@stoa/platform/log'
import { openUpstream } from '@stoa/platform/upstream'
import type { EventNotificationKind } from '@stoa/schema/events'
import { messageAnswer, toTheirMessage } from './translate.ts'

/** Araldo, a message service: fills its templates with what we know and sends them. */
export interface NotificationClient extends AsyncDisposable {
  /** Sends once per `messageKey`, however often it is called; a repeat answers the first message. */
  send(request: SendRequest): Promise<Sent>
}

export interface NotificationClientOptions {
  readonly url: string
  readonly log: Log
  readonly timeoutMs?: number
  readonly clock?: Clock
}

export interface SendRequest {
  readonly messageKey: string
  /** An e-mail address. */
  readonly to: string
  /** BCP 47. */
  readonly language: string
  readonly kind: EventNotificationKind
  /** What the template may speak of: order number, amounts, tracking number. */
  readonly facts: JsonObject
  readonly signal: AbortSignal
}

export interface Sent {
  readonly messageId: string
}

export function createNotificationClient(options: NotificationClientOptions): NotificationClient {
  const upstream = openUpstream({ name: 'notification', ...options })
  return {
    async send(request) {
      const { body } = await upstream.call({
        method: 'POST',
        path: '/messages',
        body: toTheirMessage(request),
        accept: [200, 202],
        answer: messageAnswer,
        repeatable: true,
        signal: request.signal,
      })
      return { messageId: body.message }
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

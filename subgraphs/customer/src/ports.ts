import type { JsonObject } from '@stoa/platform/json'
import type { EventNotificationKind } from '@stoa/schema/events'

/** How customers hear from us. */
export interface Messenger {
  /** Sends one message; asked again with the same `messageKey` it answers the first one. */
  send(request: SendRequest): Promise<Sent>
}

export interface SendRequest {
  readonly messageKey: string
  /** An e-mail address. */
  readonly to: string
  /** BCP 47. */
  readonly language: string
  readonly kind: EventNotificationKind
  /** What the message may speak of. */
  readonly facts: JsonObject
  readonly signal: AbortSignal
}

export interface Sent {
  readonly messageId: string
}

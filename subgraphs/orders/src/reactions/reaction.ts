import type { EventPattern } from '@stoa/platform/event-pattern'
import type { StoaEvent } from '@stoa/schema/events'
import type { LaterCommand } from '../domain/order/decider.ts'

/** A fact of somebody, ourselves included, and the command of ours that follows from it. */
export interface Reaction {
  /** `orders.payment` */
  readonly name: string
  readonly pattern: EventPattern
  /** Undefined when this fact asks nothing of us. */
  readonly toCommand: (event: StoaEvent, signal: AbortSignal) => Promise<FollowUp | undefined>
}

export interface FollowUp {
  readonly orderId: string
  readonly command: LaterCommand
}

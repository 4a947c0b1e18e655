import type { Consumer } from '../../event-bus.ts'
import type { EventSender } from './sender.ts'

/** What brings events from the log to the queues of consumers: one of EventBridge's two buses. */
export interface EventCarrier extends EventSender {
  /** Makes the bus where it is missing, and waits until it is ready. */
  create(): Promise<void>
  /** Throws BAD_REQUEST for what this bus cannot be asked for, before anything is made. */
  check(consumer: RoutedConsumer): void
  /** Lets what a consumer asks for go to its queue: made, or brought up to date. */
  route(consumer: RoutedConsumer, queues: CarrierQueues): Promise<void>
}

export type RoutedConsumer = Pick<Consumer, 'name' | 'pattern'>

export interface CarrierQueues {
  readonly queue: CarrierQueue
  /** For what cannot be handed to the queue. */
  readonly dead: CarrierQueue
}

export interface CarrierQueue {
  readonly url: string
  readonly arn: string
  /** JSON text; empty when nobody may send. */
  readonly policy: string
}

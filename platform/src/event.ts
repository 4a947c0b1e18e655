import type { JsonObject } from './json.ts'

/** A fact that is about to be recorded. */
export interface NewEvent {
  /** Unique for ever; repeats of the same id are the same fact. */
  readonly id: string
  /** Past tense, as declared in schema/events.graphql: `OrderCreated`. */
  readonly type: string
  /** When it happened, epoch milliseconds. */
  readonly at: number
  readonly data: JsonObject
  readonly meta: EventMeta
}

/** Where a fact comes from; travels with it through store, bus, archive and lake. */
export interface EventMeta {
  /** The first request of the chain; the same for everything that followed from it. */
  readonly correlationId: string
  /** The event or request that led to this one. */
  readonly causationId?: string
  /** W3C trace context. */
  readonly traceparent?: string
  /** Set on history brought in from elsewhere: read models take it in, reactions do not act on it again. */
  readonly imported?: true
}

/** A fact as its stream holds it. */
export interface RecordedEvent extends NewEvent {
  /** `order-O-1`: one aggregate, one stream. */
  readonly stream: string
  /** 1, 2, 3 … without gaps inside its stream. */
  readonly version: number
}

/** A fact as it travels on the bus: a recorded event with the name of who tells it. */
export interface Envelope extends RecordedEvent {
  /** The subgraph or adapter that tells it: `orders`, `wms`. */
  readonly source: string
}

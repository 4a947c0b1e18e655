import type { Envelope } from './event.ts'
import type { EventPattern } from './event-pattern.ts'

/**
 * One bus carries every fact to everyone who asked for it: at least once, in order per stream,
 * with retries, dead letters, an archive of everything, and replay to one consumer.
 */
export interface EventBus extends AsyncDisposable {
  /**
   * Durable once it resolves. An id that was published before is accepted and not told twice: as far back as the engine
   * remembers ids, which is for ever, or on Kafka a window of the newest in each partition.
   */
  publish(events: readonly Envelope[]): Promise<void>
  /** Consumers are durable by name: after a restart they go on where they stopped. */
  subscribe(consumer: Consumer): Promise<AsyncDisposable>
  /**
   * What matches from now on, for as long as this process listens: nothing is remembered, nothing told again, and
   * every process that follows hears all of it. For what is only worth knowing while it is fresh.
   */
  follow(follower: Follower): Promise<AsyncDisposable>
  /** Everything ever published, oldest first. */
  archive(query: ArchiveQuery): Promise<ArchivePage>
  /** Hands archived events to one consumer again, marked as replayed; nobody else notices. Answers how many. */
  replay(request: ReplayRequest): Promise<number>
  deadLetters(query?: DeadLetterQuery): Promise<readonly DeadLetter[]>
  /** Gives dead letters to their consumer again, oldest first per stream. Answers how many; two who ask at once may both count one. */
  redrive(query: DeadLetterQuery): Promise<number>
  /** Forgets dead letters for good. Answers how many. */
  discard(query: DeadLetterQuery): Promise<number>
  /** Names of the consumers subscribed here that this process serves now, at least in part; others serve the rest. */
  serving(): readonly string[]
  /** How each consumer is doing. */
  consumers(): Promise<readonly ConsumerStatus[]>
  /** Resolves when nothing is being delivered and nothing is due now (waiting retries do not count). */
  idle(): Promise<void>
}

export interface Consumer {
  /** `orders.payment`: subgraph, dot, what it does. */
  readonly name: string
  /** Which events, in EventBridge's pattern grammar, over the shape `eventView` gives. */
  readonly pattern: EventPattern
  readonly handle: (event: Envelope, delivery: Delivery) => Promise<void>
  readonly retry?: Partial<RetryPolicy>
  /** How many streams at once. Events of one stream never overlap. Default 16. */
  readonly concurrency?: number
  /** For a name never seen before: everything in the archive, or only what comes from now on. Default `earliest`. */
  readonly from?: 'earliest' | 'latest'
  /** Take in imported history too (`meta.imported`). Default false: reactions must not act on the past. */
  readonly imported?: boolean
}

export interface Follower {
  readonly pattern: EventPattern
  /** Must return at once: everybody else's events wait. What it throws is logged and forgotten. */
  readonly hear: (event: Envelope) => void
}

export interface Delivery {
  /** 1 for the first try. */
  readonly attempt: number
  /** Set when this is a replay or a redrive, not the first telling. */
  readonly replay: boolean
  /** Aborted when the try has used up its time. */
  readonly signal: AbortSignal
}

/** As EventBridge: exponential back-off with jitter until tries or age run out, then a dead letter. */
export interface RetryPolicy {
  /** Default 185. */
  readonly maxAttempts: number
  /** Default 24 h, in milliseconds. */
  readonly maxAgeMs: number
  /** First pause, doubled each time. Default 200 ms. */
  readonly baseMs: number
  /** Longest pause. Default 5 min. */
  readonly capMs: number
  /** How long one try may take. Default 30 s. */
  readonly timeoutMs: number
}

export interface ArchiveQuery {
  /** Exclusive position, from the last page. */
  readonly after?: string
  /** 1 to 1,000. */
  readonly limit: number
  readonly pattern?: EventPattern
  /** Epoch milliseconds, inclusive. */
  readonly from?: number
  /** Epoch milliseconds, exclusive. */
  readonly to?: number
  /** Newest first. */
  readonly descending?: boolean
}

export interface ArchivePage {
  readonly events: readonly Envelope[]
  readonly next?: string
}

export interface ReplayRequest {
  readonly consumer: string
  readonly from?: number
  readonly to?: number
  readonly pattern?: EventPattern
}

export interface DeadLetter {
  readonly id: string
  readonly consumer: string
  readonly event: Envelope
  readonly attempts: number
  readonly firstAt: number
  readonly lastAt: number
  readonly errorCode: string
  readonly errorMessage: string
  readonly exhausted: 'attempts' | 'age' | 'not_retryable'
}

export interface DeadLetterQuery {
  readonly consumer?: string
  readonly ids?: readonly string[]
  /** 1 to 1,000. Default 100. */
  readonly limit?: number
}

export interface ConsumerStatus {
  readonly name: string
  /** Events published and not yet handled (waiting retries included). */
  readonly lag: number
  /** Streams that wait for a retry. */
  readonly parked: number
  readonly deadLetters: number
}

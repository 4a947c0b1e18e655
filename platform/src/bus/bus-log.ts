import type { Envelope } from '../event.ts'
import type { DeadLetter, DeadLetterQuery } from '../event-bus.ts'
import type { EventPattern } from '../event-pattern.ts'

/**
 * What an engine must keep for the bus: one append-only log with a position per event, and per consumer
 * a cursor into it, the events that wait for another try, the replays under way, and the dead letters.
 */
export interface BusLog extends AsyncDisposable {
  /** Durable when it resolves; answers only the events whose id was not known yet, in order of position. */
  append(events: readonly Envelope[]): Promise<readonly LogEntry[]>
  read(range: LogRange): Promise<readonly LogEntry[]>
  at(position: number): Promise<Envelope | undefined>
  /** The highest position, 0 when the log is empty. */
  last(): Promise<number>

  /** The consumer's state when nobody else owns it at the moment. */
  claim(request: ClaimRequest): Promise<Claim | undefined>
  /** Prolongs what is still ours; answers the names of those that are not any more. */
  renew(leases: readonly Lease[], expiresAt: number): Promise<readonly string[]>
  release(lease: Lease): Promise<void>
  /** All changes in one transaction; a change under a lost lease is dropped and its consumer's name answered. */
  save(changes: readonly ConsumerChange[]): Promise<readonly string[]>
  /** By consumer name, the redrives and replays that somebody asked for since the last call. */
  adopt(leases: readonly Lease[]): Promise<ReadonlyMap<string, Adopted>>

  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]>
  /** Turns dead letters into waiting events of one run. Answers how many. */
  redrive(query: DeadLetterQuery, run: string): Promise<number>
  discard(query: DeadLetterQuery): Promise<number>
  addReplay(replay: Replay & { readonly consumer: string }): Promise<void>
  consumers(): Promise<readonly StoredConsumer[]>

  /** How long a lease holds, in milliseconds; absent when no other process can come near. */
  readonly leaseMs?: number
  /** Calls back when another process may have changed something. */
  watch(onChange: () => void): Disposable
}

export interface LogEntry {
  /** 1, 2, 3 …: a later event always has a higher one. */
  readonly position: number
  readonly event: Envelope
  /**
   * Where events come in another order than that of their positions, but for those of one stream: 1, 2, 3 … as they
   * came. Cursors, `last` and live reading count places then; everything else, positions. Default: the position.
   */
  readonly place?: number
}

export function placeOf({ place, position }: LogEntry): number {
  return place ?? position
}

export interface LogRange {
  /** Exclusive start: above it, or below it when descending. */
  readonly after?: number
  /** Inclusive end, ascending only. */
  readonly until?: number
  readonly limit: number
  readonly descending?: boolean
  /** By the event's own time: inclusive from, exclusive to. */
  readonly from?: number
  readonly to?: number
}

export interface ClaimRequest {
  readonly consumer: string
  readonly owner: string
  readonly now: number
  /** Where a consumer that was never seen before begins. */
  readonly from: 'earliest' | 'latest'
  /** Kept for those who ask about the consumer while nobody owns it. */
  readonly pattern: EventPattern
  readonly imported: boolean
}

export interface Lease {
  readonly consumer: string
  readonly owner: string
  /** Higher with each owner: a late write of an old owner is told apart by it. */
  readonly fence: number
}

export interface Claim extends Adopted {
  readonly lease: Lease
  /** All events up to here are handled, waiting or dead. */
  readonly cursor: number
}

export interface Adopted {
  readonly waiting: readonly Waiting[]
  readonly replays: readonly Replay[]
}

/** One event that waits for its turn or its next try. Unique by position and run. */
export interface Waiting {
  readonly position: number
  /** Empty for live delivery, else the replay or redrive it belongs to. */
  readonly run: string
  readonly stream: string
  /** Tries so far; 0 for one that only stands behind another of its stream. */
  readonly attempts: number
  readonly firstAt: number
  readonly nextAt: number
}

/** A second reading of the log for one consumer, from `cursor` up to and including `until`. */
export interface Replay {
  readonly run: string
  readonly cursor: number
  readonly until: number
  readonly from?: number
  readonly to?: number
  readonly pattern?: EventPattern
}

/** What happened to one consumer since the last save. */
export interface ConsumerChange {
  readonly lease: Lease
  readonly cursor?: number
  readonly put: readonly Waiting[]
  readonly drop: readonly WaitingKey[]
  readonly dead: readonly Dead[]
  /** How far replays have come; a finished one has no cursor. */
  readonly replays: readonly { readonly run: string; readonly cursor?: number }[]
}

export interface WaitingKey {
  readonly position: number
  readonly run: string
}

export interface Dead {
  readonly id: string
  readonly position: number
  readonly stream: string
  readonly attempts: number
  readonly firstAt: number
  readonly lastAt: number
  readonly errorCode: string
  readonly errorMessage: string
  readonly exhausted: DeadLetter['exhausted']
}

export interface StoredConsumer {
  readonly name: string
  readonly cursor: number
  readonly pattern: EventPattern
  readonly imported: boolean
  readonly waiting: number
  /** Streams among the waiting. */
  readonly parked: number
  readonly deadLetters: number
}

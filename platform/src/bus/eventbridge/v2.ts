import type { Consumer } from '../../event-bus.ts'
import type { LoggedEvent } from './items.ts'
import { toPutEntry } from './message.ts'
import type { EntryResult } from './sender.ts'

/**
 * The mapping to EventBridge's custom event bus of 2026 (EventsV2), which keeps order per group and knows repeats. There
 * is no client for it on npm yet and no emulator: none of this has been run against a service. With a client, a sender
 * beside the classic one is `put` in hundreds over these functions.
 */
export interface V2Entry {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  readonly Time: Date
  readonly Resources: readonly string[]
  /** Events of one group are handed on in order, and one that is stuck holds up its group alone. */
  readonly EventGroupId: string
  /** The same id within five minutes is the same event. */
  readonly DeduplicationId: string
}

export interface V2StartPosition {
  readonly Type: 'LATEST' | 'POINT_IN_TIME'
  /** Of `POINT_IN_TIME`. */
  readonly Timestamp?: Date
}

/** What became of an entry: a repeat that the service left out was taken all the same. */
export interface V2ResultEntry {
  readonly Status?: 'PUBLISHED' | 'DEDUPLICATED'
  readonly ErrorCode?: string
  readonly ErrorMessage?: string
}

const ENTRIES_AT_ONCE = 100

export function toV2Entry(logged: LoggedEvent): V2Entry {
  const {
    Source = '',
    DetailType = '',
    Detail = '',
    Time = new Date(logged.event.at),
  } = toPutEntry('', {
    logged,
    again: false,
  })
  const { stream, id } = logged.event
  return { Source, DetailType, Detail, Time, Resources: [stream], EventGroupId: stream, DeduplicationId: id }
}

/** In the order given, as groups keep the order in which they are sent. */
export function v2Batches(entries: readonly V2Entry[]): readonly (readonly V2Entry[])[] {
  const count = Math.ceil(entries.length / ENTRIES_AT_ONCE)
  return Array.from({ length: count }, (_, i) =>
    entries.slice(i * ENTRIES_AT_ONCE, (i + 1) * ENTRIES_AT_ONCE),
  )
}

/** A new consumer's beginning; `beginning` is when the bus was made, epoch milliseconds. */
export function v2StartPosition(from: Consumer['from'], beginning: number): V2StartPosition {
  if (from === 'latest') return { Type: 'LATEST' }
  return { Type: 'POINT_IN_TIME', Timestamp: new Date(beginning) }
}

export function v2Result({ Status, ErrorCode, ErrorMessage }: V2ResultEntry): EntryResult {
  if (Status === 'PUBLISHED' || Status === 'DEDUPLICATED') return {}
  const errorMessage = ErrorMessage === undefined ? {} : { errorMessage: ErrorMessage }
  return { errorCode: ErrorCode ?? 'InternalException', ...errorMessage }
}

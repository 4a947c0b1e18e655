import {
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge'
import { engineFault } from '../../engine-fault.ts'
import { putEntryBytes, type Sending, toPutEntry } from './message.ts'
import type { EventBridgeParts } from './parts.ts'

/** The way of events from the log to the consumers' queues. */
export interface EventSender {
  /** All of them, or a fault; what was sent may be sent again. */
  send(events: readonly Sending[]): Promise<void>
}

/** What became of one entry of a request, whichever EventBridge answers. */
export interface EntryResult {
  readonly errorCode?: string
  readonly errorMessage?: string
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_AT_ONCE = 10
const BYTES_AT_ONCE = 1_000_000
const REQUESTS_AT_ONCE = 4
const TRIES = 8

/** Classic EventBridge: PutEvents in tens, what was left over sent again by entry. */
export function createClassicSender(parts: EventBridgeParts): EventSender {
  const { clients, calls, names } = parts

  async function put(Entries: readonly PutEventsRequestEntry[]): Promise<readonly EntryResult[]> {
    const request = new PutEventsCommand({ Entries: [...Entries] })
    const answer = await calls.events.call((abortSignal) => clients.events.send(request, { abortSignal }))
    return (answer.Entries ?? []).map(toResult)
  }

  async function sendBatch(batch: readonly PutEventsRequestEntry[]): Promise<void> {
    let left = batch
    for (let attempt = 1; ; attempt++) {
      const results = await put(left)
      const failed = left.map((entry, i) => ({ entry, result: results[i] })).filter(hasFailed)
      if (failed.length === 0) return
      const refused = failed.find(({ result }) => !mayPass(result))
      if (refused) throw entryFault(refused.result)
      left = failed.map(({ entry }) => entry)
      if (attempt === TRIES || !(await calls.events.mayRepeat(attempt))) throw entryFault(failed[0]?.result)
    }
  }

  return {
    async send(events) {
      const batches = entryBatches(events.map((sending) => toPutEntry(names.bus, sending)))
      for (let i = 0; i < batches.length; i += REQUESTS_AT_ONCE)
        await Promise.all(batches.slice(i, i + REQUESTS_AT_ONCE).map(sendBatch))
    },
  }
}

/** Tens, and fewer where ten would be more than a request takes. */
export function entryBatches(
  entries: readonly PutEventsRequestEntry[],
): readonly (readonly PutEventsRequestEntry[])[] {
  const batches: PutEventsRequestEntry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = putEntryBytes(entry)
    const last = batches.at(-1)
    if (last && last.length < ENTRIES_AT_ONCE && bytes + size <= BYTES_AT_ONCE) {
      last.push(entry)
      bytes += size
    } else {
      batches.push([entry])
      bytes = size
    }
  }
  return batches
}

interface Outcome {
  readonly entry: PutEventsRequestEntry
  readonly result: EntryResult | undefined
}

function toResult({ ErrorCode, ErrorMessage }: PutEventsResultEntry): EntryResult {
  return {
    ...(ErrorCode === undefined ? {} : { errorCode: ErrorCode }),
    ...(ErrorMessage === undefined ? {} : { errorMessage: ErrorMessage }),
  }
}

/** An entry without a result was not taken either. */
function hasFailed({ result }: Outcome): boolean {
  return !result || result.errorCode !== undefined
}

const PASSING: ReadonlySet<string> = new Set([
  'InternalException',
  'InternalFailure',
  'ServiceUnavailable',
  'ThrottlingException',
])

function mayPass(result: EntryResult | undefined): boolean {
  return result?.errorCode === undefined || PASSING.has(result.errorCode)
}

function entryFault(result: EntryResult | undefined): Error {
  const why = { engine: 'eventbridge', cause: result } as const
  if (mayPass(result)) {
    const message = 'EventBridge left events untaken for too long. They are in the log; publish them again.'
    return engineFault('STORE_UNAVAILABLE', message, { ...why, kind: 'entries_left' })
  }
  const code = result?.errorCode ?? ''
  const message = `EventBridge refused an event as it is (${code}). The log has its reason.`
  return engineFault('BAD_REQUEST', message, { ...why, kind: 'entry_refused' })
}

import type { AwsCalls } from '../../aws/call.ts'
import { engineFault } from '../../engine-fault.ts'
import type { Sending } from './message.ts'

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

export interface EntrySenderParts<Entry> {
  readonly calls: AwsCalls
  /** One request; results in the order of its entries. */
  put(entries: readonly Entry[]): Promise<readonly EntryResult[]>
  /** How many at once. */
  readonly requests: number
}

const TRIES = 8

/** Sends batch by batch, and what a request left over again by entry. */
export function createEntrySender<Entry>(parts: EntrySenderParts<Entry>): {
  send(batches: readonly (readonly Entry[])[]): Promise<void>
} {
  const { calls, put, requests } = parts

  async function sendBatch(batch: readonly Entry[]): Promise<void> {
    let left = batch
    for (let attempt = 1; ; attempt++) {
      const results = await put(left)
      const failed = left.map((entry, i) => ({ entry, result: results[i] })).filter(hasFailed)
      if (failed.length === 0) return
      const refused = failed.find(({ result }) => !mayPass(result))
      if (refused) throw entryFault(refused.result)
      left = failed.map(({ entry }) => entry)
      if (attempt === TRIES || !(await calls.mayRepeat(attempt))) throw entryFault(failed[0]?.result)
    }
  }

  return {
    async send(batches) {
      for (let i = 0; i < batches.length; i += requests)
        await Promise.all(batches.slice(i, i + requests).map(sendBatch))
    },
  }
}

/** As many entries as a request takes, and fewer where they would be more bytes than it takes. */
export function entryBatches<Entry>(
  entries: readonly Entry[],
  bytesOf: (entry: Entry) => number,
  atOnce: { readonly entries: number; readonly bytes: number },
): readonly (readonly Entry[])[] {
  const batches: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = bytesOf(entry)
    const last = batches.at(-1)
    if (last && last.length < atOnce.entries && bytes + size <= atOnce.bytes) {
      last.push(entry)
      bytes += size
    } else {
      batches.push([entry])
      bytes = size
    }
  }
  return batches
}

/** An entry without a result was not taken either. */
function hasFailed({ result }: { readonly result: EntryResult | undefined }): boolean {
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

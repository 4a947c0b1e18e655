import { createHash } from 'node:crypto'
import { dateToTag } from '@smithy/core/cbor'
import { z } from 'zod'
import { putEntryBytes, type Sending, toPutEntry } from '../message.ts'
import type { EntryResult } from '../sender.ts'
import type { CustomBusAnswer } from './client.ts'

/** One event for PutEvents of the custom event bus, which keeps order per group and knows repeats for five minutes. */
export interface CustomEntry {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  /** A moment as CBOR writes it. */
  readonly Time: object
  readonly Resources: readonly string[]
  readonly SystemMetadata: {
    /** Events of one group are handed on in order, and one that is stuck holds up its group alone. */
    readonly EventGroupId: string
    /** The same id in the same group within five minutes is the same event. */
    readonly DeduplicationId: string
  }
}

/** `EventGroupId` and `DeduplicationId`, in characters. */
const MAX_ID = 128

export function toCustomEntry(sending: Sending): CustomEntry {
  const { id, stream, at } = sending.logged.event
  const { Source = '', DetailType = '', Detail = '' } = toPutEntry('', sending)
  return {
    ...{ Source, DetailType, Detail },
    Time: dateToTag(new Date(at)),
    Resources: [stream],
    SystemMetadata: { EventGroupId: short(stream), DeduplicationId: short(id) },
  }
}

/** The custom bus is not said to count otherwise than the classic one; its ids are counted, too. */
export function customEntryBytes({ Time: _, SystemMetadata: ids, Resources, ...texts }: CustomEntry): number {
  const own = Buffer.byteLength(ids.EventGroupId) + Buffer.byteLength(ids.DeduplicationId)
  return putEntryBytes({ ...texts, Resources: [...Resources], Time: new Date(0) }) + own
}

/** A repeat that the bus left out was taken before. An entry it says nothing of was not taken. */
export function resultsOf(answer: CustomBusAnswer): readonly EntryResult[] {
  const read = answered.safeParse(answer)
  return read.success ? read.data.Entries.map(resultOf) : []
}

function resultOf({ SuccessCode, ErrorCode, ErrorMessage }: Answered): EntryResult {
  if (SuccessCode === 'PUBLISHED' || SuccessCode === 'DEDUPLICATED') return {}
  const errorMessage = ErrorMessage === undefined ? {} : { errorMessage: ErrorMessage }
  return { errorCode: ErrorCode ?? 'InternalException', ...errorMessage }
}

const entry = z.object({
  SuccessCode: z.string().optional(),
  ErrorCode: z.string().optional(),
  ErrorMessage: z.string().optional(),
})
const answered = z.object({ Entries: z.array(entry) })
type Answered = z.output<typeof entry>

/** White space alone is no id either. */
function short(id: string): string {
  if (id.length <= MAX_ID && id.trim() !== '') return id
  return createHash('sha256').update(id).digest('hex')
}

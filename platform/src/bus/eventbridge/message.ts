import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import type { Envelope } from '../../event.ts'
import { eventView } from '../../event-pattern.ts'
import type { Json, JsonObject } from '../../json.ts'
import type { LoggedEvent } from './items.ts'

/** What our events carry beside their data, as `detail.stoa`: EventBridge gives an event an id and a time of its own. */
export const OWN = 'stoa'

/** An event on its way. */
export interface Sending {
  readonly logged: LoggedEvent
  /** It was in the log before, so it may have been sent before. */
  readonly again: boolean
}

/** An event that came by a queue. */
export interface Arrival {
  readonly logged: LoggedEvent
  readonly again: boolean
  /** The name of the replay that EventBridge runs; absent on what is told for the first time. */
  readonly replay?: string
}

/** What one event is for PutEvents, with which `eventView`'s patterns match it, but for `id` and `time`. */
export function toPutEntry(bus: string, { logged, again }: Sending): PutEventsRequestEntry {
  const { event } = logged
  return {
    EventBusName: bus,
    Source: event.source,
    DetailType: event.type,
    Time: new Date(event.at),
    Resources: [event.stream],
    Detail: JSON.stringify(detailOf(logged, again)),
  }
}

/** EventBridge's own rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export function putEntryBytes(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])]
  const time = entry.Time ? 14 : 0
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), time)
}

/** Undefined for what is none of ours. */
export function parseMessage(body: string): Arrival | undefined {
  const parsed = message.safeParse(parseJson(body))
  if (!parsed.success) return undefined
  const { source, resources, detail, ...head } = parsed.data
  const { [OWN]: own, meta, ...rest } = detail
  const event: Envelope = {
    id: own.id,
    type: head['detail-type'],
    at: own.at,
    data: dataOf(rest, own.hidden),
    meta: metaOf(meta),
    stream: resources[0],
    version: own.version,
    source,
  }
  const { position, sequence, previous, again = false } = own
  const replay = head['replay-name']
  const logged = { position, sequence, previous, stream: event.stream, event }
  return { logged, again, ...(replay === undefined ? {} : { replay }) }
}

function detailOf(logged: LoggedEvent, again: boolean): JsonObject {
  const { event, position, sequence, previous } = logged
  const { id, version, at, data } = event
  const hidden = Object.fromEntries(
    [OWN, 'meta'].flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])),
  )
  // The view of an event is made here as an object with its detail in it.
  const detail = eventView(event)['detail'] as JsonObject
  const mark = again ? { again } : {}
  const covered = Object.keys(hidden).length > 0 ? { hidden } : {}
  return { ...detail, [OWN]: { id, version, at, position, sequence, previous, ...mark, ...covered } }
}

/** Data may have fields of the names that the detail uses itself. */
function dataOf(rest: Readonly<Record<string, unknown>>, hidden: JsonObject | undefined): JsonObject {
  // Both were parsed from JSON.
  return { ...rest, ...hidden } as JsonObject
}

function metaOf(meta: Readonly<Record<string, unknown>> & { correlationId: string }): Envelope['meta'] {
  // It was written from an envelope's.
  return meta as Envelope['meta']
}

function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

const count = z.int().nonnegative()

const own = z.object({
  id: z.string(),
  version: z.number(),
  at: z.int(),
  position: count,
  sequence: count,
  previous: count,
  again: z.boolean().optional(),
  hidden: z.record(z.string(), z.json()).optional(),
})

const message = z.object({
  'detail-type': z.string(),
  source: z.string(),
  resources: z.tuple([z.string()]),
  'replay-name': z.string().optional(),
  detail: z.looseObject({ [OWN]: own, meta: z.looseObject({ correlationId: z.string() }) }),
})

import type { Envelope, EventMeta } from '../../event.ts'
import type { JsonObject } from '../../json.ts'
import { type KafkaRead, type KafkaRecord, weighed } from './record.ts'

/** The major version of schema/events.graphql; within one, events change by addition only. */
const CONTRACT = 1

/** Broker and publisher may be this far apart before a time counts as one in the future, in milliseconds. */
const FUTURE_MS = 1_800_000

/**
 * An event as a record of Kafka: keyed by its stream, the data as value, everything else in headers as CloudEvents' binary
 * mode has them (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md), so that
 * consumers that know nothing of us can route, trace and read it.
 */
export function recordOf(event: Envelope, now: number): KafkaRecord {
  const { meta } = event
  const stream = Buffer.from(event.stream)
  const headers = new Map<Buffer, Buffer>(constants)
  headers.set(NAMES.id, Buffer.from(event.id))
  headers.set(NAMES.type, known(event.type))
  headers.set(NAMES.source, known(event.source))
  headers.set(NAMES.subject, stream)
  headers.set(NAMES.time, Buffer.from(new Date(event.at).toISOString()))
  headers.set(NAMES.schema, known(`urn:stoa:events:${CONTRACT}:${event.type}`))
  headers.set(NAMES.version, known(String(event.version)))
  headers.set(NAMES.correlation, Buffer.from(meta.correlationId))
  if (meta.causationId !== undefined) headers.set(NAMES.causation, Buffer.from(meta.causationId))
  if (meta.traceparent !== undefined) headers.set(NAMES.trace, Buffer.from(meta.traceparent))
  if (meta.imported) headers.set(NAMES.imported, TRUE)
  const timestamp = event.at >= 0 && event.at <= now + FUTURE_MS ? event.at : Math.max(0, now)
  return weighed({ key: stream, value: Buffer.from(JSON.stringify(event.data)), headers, timestamp })
}

/** Types, sources and low versions are few and come all the time. */
const texts = new Map<string, Buffer>()
const MAX_TEXTS = 1000

function known(text: string): Buffer {
  const found = texts.get(text)
  if (found) return found
  const made = Buffer.from(text)
  if (texts.size < MAX_TEXTS) texts.set(text, made)
  return made
}

/** Undefined for a record that is no event. Events of other producers need no version and no correlation. */
export function envelopeOf({ headers, value }: KafkaRead): Envelope | undefined {
  const [id, type, source] = [headers.get('ce_id'), headers.get('ce_type'), headers.get('ce_source')]
  const [stream, at] = [headers.get('ce_subject'), Date.parse(headers.get('ce_time') ?? '')]
  const data = parseData(value)
  if (!id || !type || !source || !stream || Number.isNaN(at) || !data) return undefined
  const version = Number(headers.get('ce_streamversion') ?? 0)
  return { id, type, at, stream, version, source, data, meta: metaOf(headers, id) }
}

function metaOf(headers: ReadonlyMap<string, string>, id: string): EventMeta {
  const [causationId, traceparent] = [headers.get('ce_causationid'), headers.get('ce_traceparent')]
  return {
    correlationId: headers.get('ce_correlationid') ?? id,
    ...(causationId === undefined ? {} : { causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(headers.get('ce_imported') === 'true' ? { imported: true } : {}),
  }
}

function parseData(value: Buffer | undefined): JsonObject | undefined {
  if (!value) return undefined
  try {
    const data: unknown = JSON.parse(value.toString())
    // An object from JSON.parse holds nothing but JSON.
    return typeof data === 'object' && data !== null && !Array.isArray(data)
      ? (data as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

const NAMES = {
  id: Buffer.from('ce_id'),
  type: Buffer.from('ce_type'),
  source: Buffer.from('ce_source'),
  subject: Buffer.from('ce_subject'),
  time: Buffer.from('ce_time'),
  schema: Buffer.from('ce_dataschema'),
  version: Buffer.from('ce_streamversion'),
  correlation: Buffer.from('ce_correlationid'),
  causation: Buffer.from('ce_causationid'),
  trace: Buffer.from('ce_traceparent'),
  imported: Buffer.from('ce_imported'),
}

const TRUE = Buffer.from('true')

const constants: readonly (readonly [Buffer, Buffer])[] = [
  [Buffer.from('content-type'), Buffer.from('application/json')],
  [Buffer.from('ce_specversion'), Buffer.from('1.0')],
]

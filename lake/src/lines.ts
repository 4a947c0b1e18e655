import { gunzipSync, gzipSync } from 'node:zlib'
import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import type { JsonObject } from '@stoa/platform/json'

/** One envelope a line, exactly as it was on the bus, compressed. */
export function encodeLines(events: readonly Envelope[]): Uint8Array {
  return gzipSync(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
}

/** What one object may unpack to; batches and what compaction makes of them stay far below. */
const MOST_BYTES = 512 * 1024 * 1024

/** Throws STORE_CORRUPT when it is not what `encodeLines` made. */
export function decodeLines(body: Uint8Array): Envelope[] {
  try {
    const text = gunzipSync(body, { maxOutputLength: MOST_BYTES }).toString('utf8')
    return text.split('\n').flatMap((line) => (line === '' ? [] : [toEnvelope(JSON.parse(line))]))
  } catch (cause) {
    const message =
      'An object of the lake does not read as it was written. Restore it from a version or a copy of the bucket.'
    throw new Fault('STORE_CORRUPT', message, { cause })
  }
}

const STRINGS = ['id', 'type', 'stream', 'source'] as const
const NUMBERS = ['at', 'version'] as const

function toEnvelope(value: unknown): Envelope {
  const isEnvelope =
    isObject(value) &&
    STRINGS.every((field) => typeof value[field] === 'string') &&
    NUMBERS.every((field) => Number.isInteger(value[field])) &&
    isObject(value['data']) &&
    isObject(value['meta']) &&
    typeof value['meta']['correlationId'] === 'string'
  if (!isEnvelope) throw new TypeError('Expected an event on every line.')
  // Each field was checked just now; the optional ones of `meta` come back as they were written.
  return value as unknown as Envelope
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

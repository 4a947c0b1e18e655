import type { Random } from './random.ts'

/** https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceParent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string
  readonly sampled: boolean
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Undefined for anything that is not one: a broken header starts a new trace, it never fails a request. */
export function parseTraceparent(text: string | undefined): TraceParent | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export function formatTraceparent(parent: TraceParent): string {
  return `00-${parent.traceId}-${parent.spanId}-${parent.sampled ? '01' : '00'}`
}

export function newTraceparent(random: Random): string {
  return formatTraceparent({ traceId: randomHex(random, 32), spanId: randomHex(random, 16), sampled: true })
}

/** The same trace with a span of its own; a new trace when the parent is missing or broken. */
export function childTraceparent(parent: string | undefined, random: Random): string {
  const parsed = parent === undefined ? undefined : parseTraceparent(parent)
  return parsed ? formatTraceparent({ ...parsed, spanId: randomHex(random, 16) }) : newTraceparent(random)
}

/** Hex digits from the port, so that a seeded run has the same traces; the first is never 0. */
function randomHex(random: Random, digits: number): string {
  let text = Math.floor(1 + random.next() * 15).toString(16)
  while (text.length < digits) {
    const word = Math.floor(random.next() * 0x1_00_00_00_00)
    text += hex16(word >>> 16) + hex16(word & 0xff_ff)
  }
  return text.slice(0, digits)
}

function hex16(number: number): string {
  return `${HEX_BYTES[number >>> 8] ?? ''}${HEX_BYTES[number & 0xff] ?? ''}`
}

/** `00` to `ff`: looking up is several times faster than padding. */
const HEX_BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

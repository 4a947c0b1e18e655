import { type Attributes, context, SpanStatusCode, trace } from '@opentelemetry/api'
import { toFault } from './fault.ts'
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
  const parsed = parseTraceparent(parent)
  return parsed ? formatTraceparent({ ...parsed, spanId: randomHex(random, 16) }) : newTraceparent(random)
}

export interface SpanOptions {
  readonly name: string
  readonly attributes?: Attributes
  /** Where the work came from, when it came over a wire or out of an event. */
  readonly traceparent?: string
}

/** Runs `work` inside a span. Costs next to nothing until an OpenTelemetry SDK is registered. */
export function inSpan<T>(options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const parent = parseTraceparent(options.traceparent)
  const outer = parent
    ? trace.setSpanContext(context.active(), {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceFlags: parent.sampled ? 1 : 0,
        isRemote: true,
      })
    : context.active()
  const started = options.attributes ? { attributes: options.attributes } : {}
  return trace.getTracer('stoa').startActiveSpan(options.name, started, outer, async (span) => {
    try {
      return await work()
    } catch (reason) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: toFault(reason).code })
      throw reason
    } finally {
      span.end()
    }
  })
}

/** Hex digits from the port, so that a seeded run has the same traces; the first is never 0. */
function randomHex(random: Random, digits: number): string {
  let text = Math.floor(1 + random.next() * 15).toString(16)
  while (text.length < digits)
    text += Math.floor(random.next() * 0x1_00_00_00_00)
      .toString(16)
      .padStart(8, '0')
  return text.slice(0, digits)
}

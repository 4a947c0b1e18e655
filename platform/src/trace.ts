import { type Attributes, context, SpanStatusCode, trace } from '@opentelemetry/api'
import { toFault } from './fault.ts'
import { parseTraceparent } from './traceparent.ts'

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

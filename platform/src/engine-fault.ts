import { metrics } from '@opentelemetry/api'
import type { EngineFaultKind } from './engine-fault-kinds.ts'
import { Fault, type FaultCode, type FaultOptions } from './fault.ts'

/** The engines of other people that stand behind our ports. */
export type EngineName =
  | 'dynamodb'
  | 'eventbridge'
  /** Whichever keeps the events: limits that all of them share. */
  | 'event-store'
  | 'kafka'
  | 'neptune'
  | 'postgres'
  | 'redis'
  | 's3'
  | 'sqs'

export interface EngineFaultOptions extends FaultOptions {
  readonly engine: EngineName
  readonly kind: EngineFaultKind
}

/**
 * An engine failed us: the fault for whoever must act, counted as `stoa.engine.faults` by engine, kind and code.
 * Made once where the engine's answer is understood, not again on its way up.
 */
export function engineFault(code: FaultCode, message: string, options: EngineFaultOptions): Fault {
  countEngineFault(options.engine, options.kind, code)
  return new Fault(code, message, options)
}

/** The same count for what an engine heals by itself and only the log hears of. */
export function countEngineFault(engine: EngineName, kind: EngineFaultKind, code: FaultCode): void {
  const counter = metrics.getMeter('stoa').createCounter('stoa.engine.faults', { unit: '{fault}' })
  counter.add(1, { engine, kind, code })
}

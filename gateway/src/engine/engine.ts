import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { prepareDeferred } from '../deferred/defer.ts'
import type { DeferredAnswer } from '../deferred/run-in-parts.ts'
import type { Fragments } from '../guards/fragment-size.ts'
import type { SubgraphClient } from '../options.ts'
import type { Ownership } from '../planner/ownership.ts'
import type { PlanNode } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import type { ShownKeys } from '../planner/separate-keys.ts'
import type { GraphError } from '../refusal.ts'
import { prepareCompiled, type RunCounts } from './prepare-compiled.ts'
import type { SourceEvent } from './source-event.ts'
import { createDeadlines } from './with-deadline.ts'

/** The engine's one door: makes something that can be run out of an operation and its plans. */
export interface Engine {
  readonly counts: Readonly<RunCounts>
  prepare(operation: PlannedOperation): Executable
}

export interface EngineParts {
  /** What clients see: answers are held against it. */
  readonly schema: GraphQLSchema
  readonly possibleTypes: PossibleTypes
  readonly clients: ReadonlyMap<string, SubgraphClient>
  readonly clock: Clock
  readonly log: Log
  /** Most entries of `errors` in an answer. */
  readonly maxErrors: number
  /** Absent: `@defer` changes nothing. */
  readonly deferral?: DeferralParts
  readonly subgraphMessages: 'safe' | 'pass'
  /** How often an operation is walked before functions are generated for it. */
  readonly compileAfter: number
}

export interface DeferralParts {
  readonly ownership: Ownership
  /** Most objects of an answer whose deferred fields come by themselves. */
  readonly most: number
}

export interface PlannedOperation {
  readonly operation: OperationDefinitionNode
  readonly fragments: Fragments
  /** What the client calls keys that were changed before planning. */
  readonly shownKeys: ShownKeys
  /** Values of the variables that decide what is asked for; the plans are for these alone. */
  readonly conditions: Readonly<Record<string, unknown>>
  /** Run one after another. */
  readonly plans: readonly PlanNode[]
}

/** A prepared operation, shared by all requests for it. Never rejects: what fails is in the answer's errors. */
export interface Executable {
  run(request: ExecutionRequest): Promise<EngineAnswer>
  /**
   * Runs it so that what is deferred comes later; undefined when nothing would be earlier for it. Absent where nothing
   * is ever deferred. May reject.
   */
  readonly runInParts?: ((request: ExecutionRequest) => Promise<DeferredAnswer> | undefined) | undefined
}

export interface ExecutionRequest {
  /** Coerced: defaults filled in, values of the declared types. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: RequestContext
  /** Of a subscription: what is answered. */
  readonly event?: SourceEvent
}

/** The answer's parts, or all of it as JSON, when nothing in it went wrong. */
export type EngineAnswer = AnswerParts | { readonly json: Json }

/** One character for each byte, or the bytes where there are many. */
export type Json = string | Buffer

export interface AnswerParts {
  readonly data: Readonly<Record<string, unknown>> | null
  readonly errors: readonly GraphError[]
}

export function createEngine(parts: EngineParts): Engine {
  const counts: RunCounts = { generated: 0, deviated: 0, walked: 0 }
  const running = { ...parts, deadlines: createDeadlines(parts.clock) }
  return {
    counts,
    prepare(planned) {
      const { run } = prepareCompiled(running, planned, counts)
      return { run, runInParts: prepareDeferred(parts, planned) }
    },
  }
}

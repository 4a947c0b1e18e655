import type { RequestContext } from '@stoa/platform/subgraph'
import type { PlannedVariant } from '../documents/plan-variant.ts'
import type { Graph } from '../graph.ts'
import type { Credentials } from '../options.ts'
import type { Pipeline } from '../pipeline.ts'
import type { RootFetchNode } from '../planner/plan.ts'
import type { GraphError } from '../refusal.ts'

/** A subscription that was found good, with all it takes to run it. */
export interface Subscribing {
  readonly pipeline: Pipeline
  readonly graph: Graph
  readonly planned: PlannedVariant
  readonly source: RootFetchNode
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Of the subscription; each event has a deadline and a span of its own. */
  readonly context: RequestContext
  /** Absent: nobody in particular. */
  readonly credentials: Credentials | undefined
}

/** What a client is told: an answer for each event, or as the last thing why there will be no more. */
export type StreamItem =
  /** JSON, one character for each byte. */
  { readonly json: string } | { readonly errors: readonly GraphError[] }

import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { Fragments } from '../guards/fragment-size.ts'
import type { SubgraphClient } from '../options.ts'
import type { PlanNode } from '../planner/plan.ts'
import type { PossibleTypes } from '../planner/possible-types.ts'
import type { GraphError } from '../refusal.ts'
import { emptyObject } from './data.ts'
import { createErrorBook } from './error-book.ts'
import { projectAnswer } from './project.ts'
import { type Run, runNode } from './run-plan.ts'

/** The engine's one door: makes something that can be run out of an operation and its plans. */
export interface Engine {
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
  readonly subgraphMessages: 'safe' | 'pass'
}

export interface PlannedOperation {
  readonly operation: OperationDefinitionNode
  readonly fragments: Fragments
  /** Run one after another. */
  readonly plans: readonly PlanNode[]
}

/** A prepared operation, shared by all requests for it. Never rejects: what fails is in the answer's errors. */
export interface Executable {
  run(request: ExecutionRequest): Promise<EngineAnswer>
}

export interface ExecutionRequest {
  /** Coerced: defaults filled in, values of the declared types. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: RequestContext
}

export interface EngineAnswer {
  readonly data: Readonly<Record<string, unknown>> | null
  readonly errors: readonly GraphError[]
}

export function createEngine(parts: EngineParts): Engine {
  return {
    prepare: (planned) => ({
      async run(request) {
        const root = emptyObject()
        root['__typename'] = rootTypeName(parts.schema, planned.operation)
        const run: Run = { parts, request, root, book: createErrorBook() }
        for (const plan of planned.plans) await runNode(run, plan)
        return projectAnswer({ ...run, planned })
      },
    }),
  }
}

function rootTypeName(schema: GraphQLSchema, operation: OperationDefinitionNode): string | undefined {
  return schema.getRootType(operation.operation)?.name
}

import type { QueryPlan } from '@graphql-hive/router-query-planner'
import { toFault } from '@stoa/platform/fault'
import { ok, type Result } from '@stoa/platform/result'
import type { Executable, ExecutionRequest, PlannedOperation } from '../engine/engine.ts'
import type { Graph } from '../graph.ts'
import {
  conditionVariables,
  normaliseOperation,
  type OperationParts,
} from '../planner/normalise-operation.ts'
import { type ActiveOverrides, NO_OVERRIDES } from '../planner/overrides.ts'
import type { RootFetchNode } from '../planner/plan.ts'
import { readPlan } from '../planner/read-plan.ts'
import { type SeparatedOperation, separateKeys } from '../planner/separate-keys.ts'
import { separateShapes } from '../planner/separate-shapes.ts'
import { separateVariables, withRenamed } from '../planner/separate-variables.ts'
import { splitOperation } from '../planner/split-operation.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { checkRootField, sourceOf } from './subscription-root.ts'
import { widenRequirements } from './widen-requirements.ts'

/** An operation as it runs for one combination of whatever decides its plan. */
export interface PlannedVariant {
  readonly executable: Executable
  /** `extensions.queryPlan`, for those who may see it. */
  readonly shown: object
  /** Of a subscription: what its events take the place of. */
  readonly source?: RootFetchNode
}

export type VariantOrRefusal = Result<PlannedVariant, Refusal>

/**
 * Plans an operation under these conditions; refuses with PLAN_FAILED when no way is found, with GATEWAY_BUSY when
 * it may be found later. Never rejects.
 */
export function planVariant(
  graph: Graph,
  parts: OperationParts,
  wanted: PlanConditions,
): VariantOrRefusal | Promise<VariantOrRefusal> {
  const { variables, overrides = NO_OVERRIDES } = wanted
  const single = checkRootField(graph, parts, variables)
  if (!single.ok) return single
  const planning = beginPlanning(graph, parts, variables)
  try {
    const plans = planning.documents.map((document) => graph.planner.plan(document, overrides))
    if (plans.every((plan): plan is QueryPlan => !(plan instanceof Promise))) return finish(planning, plans)
    return Promise.all(plans)
      .then((made) => finish(planning, made))
      .catch((reason: unknown) => fail(planning, reason))
  } catch (reason) {
    return fail(planning, reason)
  }
}

export interface PlanConditions {
  readonly variables: Readonly<Record<string, unknown>>
  readonly overrides?: ActiveOverrides
}

/** What is known of an operation before it is planned. */
export interface Planning {
  readonly graph: Graph
  readonly separated: SeparatedOperation
  readonly variables: PlanConditions['variables']
  /** To be planned one by one. */
  readonly documents: readonly string[]
  /** Variables. */
  readonly renamed: ReadonlyMap<string, string>
}

/** Puts an operation into the form that the planner is right about. */
export function beginPlanning(
  graph: Graph,
  parts: OperationParts,
  variables: PlanConditions['variables'],
): Planning {
  const separated = separateKeys(parts, graph.reservedKeys)
  const { parts: toPlan, renamed } = separateVariables(normaliseOperation(separated, graph.schema, variables))
  return { graph, separated, variables, documents: splitOperation(toPlan), renamed }
}

/** Reads the plans of its documents, mended where the planner falls short. */
export function endPlanning(planning: Planning, plans: readonly QueryPlan[]): PlannedOperation {
  const { graph, separated, variables } = planning
  const { operation, fragments } = separated
  const asked = {
    ...{ root: operation.selectionSet, fragments, variables },
    ...{ types: graph.possibleTypes, required: graph.requiredFields },
  }
  const rootType = graph.schema.getRootType(operation.operation)?.name ?? ''
  const nodes = plans.flatMap(({ node }) =>
    node ? separateShapes(widenRequirements(readPlan(node), asked), graph.subgraphTypes, rootType) : [],
  )
  const conditions = Object.fromEntries(conditionVariables(separated).map((name) => [name, variables[name]]))
  return { ...separated, conditions, plans: nodes }
}

function finish(planning: Planning, plans: readonly QueryPlan[]): VariantOrRefusal {
  const { graph, renamed } = planning
  const planned = endPlanning(planning, plans)
  const source = planned.operation.operation === 'subscription' ? sourceOf(planned.plans) : undefined
  const executable = graph.engine.prepare(planned)
  return ok({
    executable: renamed.size === 0 ? executable : withVariables(executable, renamed),
    shown: showPlans(plans),
    ...(source && { source }),
  })
}

function withVariables(executable: Executable, renamed: Planning['renamed']): Executable {
  const complete = (request: ExecutionRequest): ExecutionRequest => ({
    ...request,
    variables: withRenamed(request.variables, renamed),
  })
  const { runInParts } = executable
  return {
    run: (request) => executable.run(complete(request)),
    runInParts: runInParts && ((request) => runInParts(complete(request))),
  }
}

function fail({ graph, documents }: Planning, reason: unknown): VariantOrRefusal {
  if (toFault(reason).retryable) {
    graph.log.warn({ err: reason, documents }, 'no plan for now')
    return refuse('GATEWAY_BUSY', LATER)
  }
  graph.log.error({ err: reason, documents }, 'no plan for a valid operation')
  return refuse('PLAN_FAILED', UNPLANNED)
}

const LATER = 'A plan for this operation was not found in time. Try again.'

const UNPLANNED =
  'No way was found to answer this operation. Ask for its parts in separate requests, and report it.'

function showPlans(plans: readonly QueryPlan[]): object {
  const [first, ...more] = plans.flatMap(({ node }) => node ?? [])
  if (!first) return { kind: 'QueryPlan' }
  return {
    kind: 'QueryPlan',
    node: more.length === 0 ? first : { kind: 'Sequence', nodes: [first, ...more] },
  }
}

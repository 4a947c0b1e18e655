import { ok, type Result } from '@stoa/platform/result'
import type { Executable } from '../engine/engine.ts'
import type { Graph } from '../graph.ts'
import {
  conditionVariables,
  normaliseOperation,
  type OperationParts,
} from '../planner/normalise-operation.ts'
import type { RootFetchNode } from '../planner/plan.ts'
import type { Plan } from '../planner/planner.ts'
import { separateKeys } from '../planner/separate-keys.ts'
import { splitOperation } from '../planner/split-operation.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { checkRootField, sourceOf } from './subscription-root.ts'

/** An operation as it runs for one combination of whatever decides its plan. */
export interface PlannedVariant {
  readonly executable: Executable
  /** `extensions.queryPlan`, for those who may see it. */
  readonly shown: object
  /** Of a subscription: what its events take the place of. */
  readonly source?: RootFetchNode
}

export type VariantOrRefusal = Result<PlannedVariant, Refusal>

/** Plans an operation under these conditions; refuses with PLAN_FAILED when no way is found. */
export function planVariant(
  graph: Graph,
  parts: OperationParts,
  variables: Readonly<Record<string, unknown>>,
): VariantOrRefusal {
  const single = checkRootField(graph, parts, variables)
  if (!single.ok) return single
  const separated = separateKeys(parts, graph.reservedKeys)
  const documents = splitOperation(normaliseOperation(separated, graph.schema, variables))
  const plans = planAll(graph, documents)
  if (!plans) return refuse('PLAN_FAILED', UNPLANNED)
  const nodes = plans.flatMap((plan) => plan.node ?? [])
  const conditions = Object.fromEntries(conditionVariables(parts).map((name) => [name, variables[name]]))
  const source = parts.operation.operation === 'subscription' ? sourceOf(nodes) : undefined
  return ok({
    executable: graph.engine.prepare({ ...separated, conditions, plans: nodes }),
    shown: showPlans(plans),
    ...(source && { source }),
  })
}

const UNPLANNED =
  'No way was found to answer this operation. Ask for its parts in separate requests, and report it.'

function planAll(graph: Graph, documents: readonly string[]): readonly Plan[] | undefined {
  try {
    return documents.map((document) => graph.planner.plan(document))
  } catch (reason) {
    graph.log.error({ err: reason, documents }, 'no plan for a valid operation')
    return undefined
  }
}

function showPlans(plans: readonly Plan[]): object {
  const [first, ...more] = plans.flatMap(({ shown }) => shown.node ?? [])
  if (!first) return { kind: 'QueryPlan' }
  return {
    kind: 'QueryPlan',
    node: more.length === 0 ? first : { kind: 'Sequence', nodes: [first, ...more] },
  }
}

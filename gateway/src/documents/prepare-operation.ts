import { Fault } from '@stoa/platform/fault'
import { ok, type Result } from '@stoa/platform/result'
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import type { Executable } from '../engine/engine.ts'
import type { Graph } from '../graph.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { DocumentLimits } from '../limits.ts'
import { askTypenames } from '../planner/ask-typenames.ts'
import type { Plan } from '../planner/planner.ts'
import { splitOperation } from '../planner/split-operation.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { checkDocument, chooseOperation } from './check-document.ts'

/** A document made ready once and run many times. */
export interface PreparedOperation {
  readonly kind: 'query' | 'mutation'
  readonly node: OperationDefinitionNode
  readonly executable: Executable
  /** `extensions.queryPlan`, for those who may see it. */
  readonly shownPlan: object
  /** What keeping it costs, roughly. */
  readonly bytes: number
}

export interface DocumentToPrepare {
  readonly text: string
  readonly operationName: string | undefined
  readonly limits: DocumentLimits
}

/** Parse, measure, validate, choose the operation, plan. The text must have been guarded. */
export function prepareOperation(
  graph: Graph,
  document: DocumentToPrepare,
): Result<PreparedOperation, Refusal> {
  const { text, operationName, limits } = document
  const checked = checkDocument(text, limits, graph)
  if (!checked.ok) return checked
  const chosen = chooseOperation(checked.value, operationName)
  if (!chosen.ok) return chosen
  const node = chosen.value
  const fragments = fragmentsOf(checked.value)
  const plans = planAll(graph, checked.value, operationName)
  if (!plans.ok) return plans
  const nodes = plans.value.flatMap((plan) => plan.node ?? [])
  const shownPlan = showPlans(plans.value)
  return ok({
    kind: node.operation === 'mutation' ? 'mutation' : 'query',
    node,
    executable: graph.engine.prepare({ operation: node, fragments, plans: nodes }),
    shownPlan,
    bytes: text.length * AST_BYTES + JSON.stringify(shownPlan).length * 2,
  })
}

/** A syntax tree with locations takes about this many bytes for each character of its document (measured). */
const AST_BYTES = 60

function planAll(
  graph: Graph,
  document: DocumentNode,
  operationName: string | undefined,
): Result<readonly Plan[], Refusal> {
  const asked = askTypenames(document, graph.schema)
  const chosen = chooseOperation(asked, operationName)
  if (!chosen.ok) return chosen
  try {
    const parts = splitOperation(chosen.value, fragmentsOf(asked))
    return ok(parts.map((part) => graph.planner.plan(part)))
  } catch (reason) {
    graph.log.error({ err: reason, operation: operationName }, 'no plan for a valid operation')
    if (reason instanceof Fault && reason.code !== 'BAD_SCHEMA') throw reason
    return refuse(
      'PLAN_FAILED',
      'No way was found to answer this operation. Ask for its parts in separate requests, and report it.',
    )
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

import { ok, type Result } from '@stoa/platform/result'
import type { OperationDefinitionNode, OperationTypeNode } from 'graphql'
import type { Executable } from '../engine/engine.ts'
import type { Graph } from '../graph.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { DocumentLimits } from '../limits.ts'
import {
  conditionVariables,
  normaliseOperation,
  type OperationParts,
} from '../planner/normalise-operation.ts'
import type { RootFetchNode } from '../planner/plan.ts'
import type { Plan } from '../planner/planner.ts'
import { splitOperation } from '../planner/split-operation.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { checkDocument, chooseOperation } from './check-document.ts'
import { checkRootField, sourceOf } from './subscription-root.ts'

type Variables = Readonly<Record<string, unknown>>

/** A document made ready once and run many times. */
export interface PreparedOperation {
  readonly kind: `${OperationTypeNode}`
  readonly node: OperationDefinitionNode
  /** The plan for these variables, made when it is first wanted. */
  planFor(variables: Variables): Result<PlannedVariant, Refusal>
  /** For which combinations of conditions there is a plan: variables that lead to each. */
  planned(): readonly Variables[]
  readonly source: DocumentToPrepare
  /** What keeping it costs, roughly. */
  readonly bytes: number
}

export interface PlannedVariant {
  readonly executable: Executable
  /** `extensions.queryPlan`, for those who may see it. */
  readonly shown: object
  /** Of a subscription: what its events take the place of. */
  readonly source?: RootFetchNode
}

export interface DocumentToPrepare {
  readonly text: string
  readonly operationName: string | undefined
  readonly limits: DocumentLimits
}

/** Parse, measure, validate, choose the operation. The text must have been guarded. */
export function prepareOperation(
  graph: Graph,
  document: DocumentToPrepare,
): Result<PreparedOperation, Refusal> {
  const { text, operationName, limits } = document
  const checked = checkDocument(text, limits, graph)
  if (!checked.ok) return checked
  const chosen = chooseOperation(checked.value, operationName)
  if (!chosen.ok) return chosen
  const operation = chosen.value
  return ok({
    kind: operation.operation,
    node: operation,
    ...createVariants(graph, { operation, fragments: fragmentsOf(checked.value) }),
    source: document,
    bytes: text.length * BYTES_EACH,
  })
}

/** A syntax tree with locations and its plan take about this many bytes for each character of a document (measured). */
const BYTES_EACH = 150

/** Beyond this many combinations of conditions the oldest is planned anew when it is wanted again. */
const MOST_VARIANTS = 16

function createVariants(graph: Graph, parts: OperationParts): Pick<PreparedOperation, 'planFor' | 'planned'> {
  const names = conditionVariables(parts)
  const variants = new Map<string, Result<PlannedVariant, Refusal>>()
  const variablesOf = (key: string): Variables =>
    Object.fromEntries(names.map((name, i) => [name, key[i] === '1']))
  return {
    planFor(variables) {
      const key =
        names.length === 0 ? '' : names.map((name) => (variables[name] === true ? '1' : '0')).join('')
      const known = variants.get(key)
      if (known) return known
      const planned = planVariant(graph, parts, variables)
      const [oldest] = variants.keys()
      if (variants.size >= MOST_VARIANTS && oldest !== undefined) variants.delete(oldest)
      variants.set(key, planned)
      return planned
    },
    planned: () => [...variants.keys()].map(variablesOf),
  }
}

function planVariant(
  graph: Graph,
  parts: OperationParts,
  variables: Variables,
): Result<PlannedVariant, Refusal> {
  const single = checkRootField(graph, parts, variables)
  if (!single.ok) return single
  const documents = splitOperation(normaliseOperation(parts, graph.schema, variables))
  const plans = planAll(graph, documents)
  if (!plans) return refuse('PLAN_FAILED', UNPLANNED)
  const nodes = plans.flatMap((plan) => plan.node ?? [])
  const conditions = Object.fromEntries(conditionVariables(parts).map((name) => [name, variables[name]]))
  const source = parts.operation.operation === 'subscription' ? sourceOf(nodes) : undefined
  return ok({
    executable: graph.engine.prepare({ ...parts, conditions, plans: nodes }),
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

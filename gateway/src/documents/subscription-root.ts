import { ok, type Result } from '@stoa/platform/result'
import { collectFields } from '../engine/collect-fields.ts'
import type { Graph } from '../graph.ts'
import type { OperationParts } from '../planner/normalise-operation.ts'
import type { PlanNode, RootFetchNode } from '../planner/plan.ts'
import { type Refusal, refuse } from '../refusal.ts'

/** A subscription has one source of events, so one field at its root; known once conditions are decided. */
export function checkRootField(
  graph: Pick<Graph, 'schema' | 'possibleTypes'>,
  { operation, fragments }: OperationParts,
  variables: Readonly<Record<string, unknown>>,
): Result<void, Refusal> {
  const type = graph.schema.getSubscriptionType()
  if (operation.operation !== 'subscription' || !type) return ok(undefined)
  const parts = { fragments, types: graph.possibleTypes, variables }
  const fields = collectFields(parts, [operation.selectionSet], type.name)
  if (fields.length === 1 && !fields[0]?.name.startsWith('__')) return ok(undefined)
  const got = fields.map(({ key }) => key).slice(0, MOST_KEYS)
  return refuse(
    'DOCUMENT_INVALID',
    `Expected one field at the root of a subscription, got ${got.join(', ') || 'none'}. Subscribe to each by itself.`,
  )
}

const MOST_KEYS = 5

/** The sub-request that is a subscription: the plan's first. */
export function sourceOf(plans: readonly PlanNode[]): RootFetchNode | undefined {
  const [first] = plans
  if (first?.kind === 'sequence') return sourceOf(first.nodes)
  return first?.kind === 'root' ? first : undefined
}

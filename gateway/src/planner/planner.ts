import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner'
import { Fault } from '@stoa/platform/fault'
import type { PlanNode } from './plan.ts'
import { readPlan } from './read-plan.ts'

/** Decides which subgraphs are asked for what, and in which order. Does not validate what it plans. */
export interface Planner {
  /** Takes one operation and its fragments, without introspection and without directives on the operation. */
  plan(document: string): Plan
}

export interface Plan {
  readonly node: PlanNode | undefined
  /** In the form plan viewers know: `{kind: 'QueryPlan', node}` with Flatten paths like `[{Field: 'product'}, '@']`. */
  readonly shown: QueryPlan
}

/**
 * A field under `@override(label: "percent(n)")` is taken over when this is below n. Plans are cached for everybody,
 * so everybody is in the same half.
 */
const OVERRIDE_PERCENTAGE = 50

/** Throws BAD_SCHEMA when the text is no supergraph. */
export function openPlanner(supergraph: string): Planner {
  const planner = openLibrary(supergraph)
  const labels = new Set<string>()
  return {
    plan(document) {
      const shown = planner.plan(document, null, labels, OVERRIDE_PERCENTAGE)
      return { shown, node: shown.node ? readPlan(shown.node) : undefined }
    },
  }
}

function openLibrary(supergraph: string): QueryPlanner {
  try {
    return new QueryPlanner(supergraph)
  } catch (reason) {
    throw new Fault(
      'BAD_SCHEMA',
      `Expected a composed supergraph, but it cannot be planned against: ${String(reason)}`,
      {
        cause: reason,
      },
    )
  }
}

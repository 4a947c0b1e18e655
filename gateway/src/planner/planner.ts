import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner'
import { Fault } from '@stoa/platform/fault'
import type { ActiveOverrides } from './overrides.ts'

/** Decides which subgraphs are asked for what, and in which order. Does not validate what it plans. */
export interface Planner {
  /**
   * Takes one operation and its fragments, without introspection and without directives on the operation. The plan is
   * in the form plan viewers know. Throws, or rejects, when there is none.
   */
  plan(document: string, overrides: ActiveOverrides): QueryPlan | Promise<QueryPlan>
}

/** In this process, which some documents end: it is native code. */
export interface LocalPlanner extends Planner {
  plan(document: string, overrides: ActiveOverrides): QueryPlan
}

/** Throws BAD_SCHEMA when the text is no supergraph. */
export function openPlanner(supergraph: string): LocalPlanner {
  const planner = openLibrary(supergraph)
  return {
    plan: (document, { labels, percentage }) => planner.plan(document, null, new Set(labels), percentage),
  }
}

function openLibrary(supergraph: string): QueryPlanner {
  try {
    return new QueryPlanner(supergraph)
  } catch (cause) {
    throw new Fault(
      'BAD_SCHEMA',
      `Expected a composed supergraph, but it cannot be planned against: ${String(cause)}`,
      { cause },
    )
  }
}

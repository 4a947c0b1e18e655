import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner'
import { Fault } from '@stoa/platform/fault'
import { createFindMixed } from './apart/mixed-requirements.ts'
import { type ApartPlanner, openApartPlanner } from './apart/plan-apart.ts'
import type { ActiveOverrides } from './overrides.ts'
import { parseSupergraph } from './subgraphs-of.ts'

/** Decides which subgraphs are asked for what, and in which order. Does not validate what it plans. */
export interface Planner {
  /**
   * Takes one operation and its fragments, without introspection and without directives on the operation. The plan is
   * in the form plan viewers know. Throws, or rejects, when there is none.
   */
  plan(document: string, overrides: ActiveOverrides): QueryPlan | Promise<QueryPlan>
  /** Nothing more will be planned; what only that needed is let go. */
  retire(): void
}

/** In this process, which some documents end: it is native code. */
export interface LocalPlanner extends Planner {
  plan(document: string, overrides: ActiveOverrides): QueryPlan
}

/** Throws BAD_SCHEMA when the text is no supergraph. */
export function openPlanner(supergraph: string): LocalPlanner {
  const planner = openLibrary(supergraph)
  const findMixed = createFindMixed(parseSupergraph(supergraph))
  let apart: ApartPlanner | undefined

  function planApart(document: string, overrides: ActiveOverrides, cause: unknown): QueryPlan {
    try {
      apart ??= openApartPlanner(supergraph)
      return apart.plan(document, overrides)
    } catch (reason) {
      throw new Error(`${String(cause)} Nor in parts: ${String(reason)}`, { cause })
    }
  }

  function planWhole(document: string, { labels, percentage }: ActiveOverrides): QueryPlan {
    const mixed = findMixed(document)
    if (mixed !== undefined) throw new Error(`A step may be told ${mixed} in two ways.`)
    return planner.plan(document, null, new Set(labels), percentage)
  }

  return {
    plan(document, overrides) {
      try {
        return planWhole(document, overrides)
      } catch (reason) {
        return planApart(document, overrides, reason)
      }
    },
    retire() {},
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

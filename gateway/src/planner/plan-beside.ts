import type { Clock } from '@stoa/platform/clock'
import { parse } from 'graphql'
import { expandedSize, fragmentsOf } from '../guards/fragment-size.ts'
import type { LocalPlanner, Planner } from './planner.ts'
import { createPlannerProcess } from './planner-process.ts'

/** About what takes three milliseconds to plan: as much as the process may well be kept from everybody else. */
const MOST_SELECTIONS = 100

export interface PlanBesideParts {
  readonly supergraph: string
  readonly clock: Clock
  /** Whether nothing is planned in this process: the planner is native code that ends its process where it is wrong. */
  readonly isIsolated: boolean
}

/** Plans small operations at once, and those that would keep the process in one of its own. */
export function planBeside(
  planner: LocalPlanner,
  { supergraph, clock, isIsolated }: PlanBesideParts,
): Planner {
  const elsewhere = createPlannerProcess(supergraph, clock, { isEager: isIsolated })
  if (isIsolated) return elsewhere
  return {
    plan: (document, overrides) =>
      isLarge(document) ? elsewhere.plan(document, overrides) : planner.plan(document, overrides),
    retire: elsewhere.retire,
  }
}

/** Of fields and spreads with fragments written out. */
function isLarge(text: string): boolean {
  const document = parse(text, { noLocation: true })
  const size = expandedSize(document, fragmentsOf(document))
  return size === 'circular' || size > MOST_SELECTIONS
}

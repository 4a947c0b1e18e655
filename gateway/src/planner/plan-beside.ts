import type { Clock } from '@stoa/platform/clock'
import { parse } from 'graphql'
import { expandedSize, fragmentsOf } from '../guards/fragment-size.ts'
import type { LocalPlanner, Planner } from './planner.ts'
import { createPlannerThread } from './planner-thread.ts'

/** About what takes three milliseconds to plan: as much as the process may well be kept from everybody else. */
const MOST_SELECTIONS = 100

/** Plans small operations at once, and those that would keep the process in a thread of its own. */
export function planBeside(planner: LocalPlanner, supergraph: string, clock: Clock): Planner {
  const thread = createPlannerThread(supergraph, clock)
  return {
    plan: (document, overrides) =>
      isLarge(document) ? thread.plan(document, overrides) : planner.plan(document, overrides),
  }
}

/** Of fields and spreads with fragments written out. */
function isLarge(text: string): boolean {
  const document = parse(text, { noLocation: true })
  const size = expandedSize(document, fragmentsOf(document))
  return size === 'circular' || size > MOST_SELECTIONS
}

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
  /** Puts what other gateways know before the process: what it plans is worth asking them for. */
  readonly share?: (planner: Planner) => Planner
}

/** Plans small operations at once, and those that would keep the process in one of its own. */
export function planBeside(
  planner: LocalPlanner,
  { supergraph, clock, isIsolated, share }: PlanBesideParts,
): Planner {
  // Where plans are shared, a process may never be needed.
  const process = createPlannerProcess(supergraph, clock, { isEager: isIsolated && !share })
  const elsewhere = share ? share(process) : process
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

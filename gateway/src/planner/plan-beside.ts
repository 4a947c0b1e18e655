import type { Clock } from '@stoa/platform/clock'
import { isLarge } from './is-large.ts'
import type { LocalPlanner, Planner } from './planner.ts'
import { createPlannerProcess, type PlannerProcess } from './planner-process.ts'

export interface PlanBesideParts {
  readonly supergraph: string
  readonly clock: Clock
  /** Whether nothing is planned in this process: the planner is native code that ends its process where it is wrong. */
  readonly isIsolated: boolean
  /** Puts what other gateways know before the process: what it plans is worth asking them for. */
  readonly share?: (planner: PlannerProcess) => Planner
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

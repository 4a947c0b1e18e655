import { unreachable } from '@stoa/platform/invariant'
import type { PlanNode } from '../planner/plan.ts'
import type { DataObject } from './data.ts'
import type { EngineParts, ExecutionRequest } from './engine.ts'
import type { ErrorBook } from './error-book.ts'
import { fetchEntities } from './fetch-entities.ts'
import { fetchRoot } from './fetch-root.ts'
import type { Recall } from './recall.ts'

/** One request on its way through its plan. */
export interface Run {
  readonly parts: EngineParts
  readonly request: ExecutionRequest
  /** Everything fetched so far, under the client's response keys and the planner's own. */
  readonly root: DataObject
  readonly book: ErrorBook
  /** Answers that came already. */
  readonly recall?: Recall | undefined
}

/** Runs a plan to its end, adding to the run's data. Rejects only for bugs: failing subgraphs are in the error book. */
export async function runNode(run: Run, node: PlanNode): Promise<void> {
  switch (node.kind) {
    case 'sequence':
      for (const step of node.nodes) await runNode(run, step)
      return
    case 'parallel':
      await Promise.all(node.nodes.map((step) => runNode(run, step)))
      return
    case 'condition': {
      const chosen = run.request.variables[node.variable] === true ? node.whenTrue : node.whenFalse
      if (chosen) await runNode(run, chosen)
      return
    }
    case 'root':
      return await fetchRoot(run, node)
    case 'entities':
      return await fetchEntities(run, node)
    default:
      return unreachable(node)
  }
}

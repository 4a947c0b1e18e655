import type { RootFetchNode } from '../planner/plan.ts'
import { askSubgraph } from './ask-subgraph.ts'
import { isObject } from './data.ts'
import { mergeInto } from './merge.ts'
import { providedKeys } from './provided-keys.ts'
import { renamedPath, rewritten } from './rewrites.ts'
import type { Run } from './run-plan.ts'

/** Fetches fields of the root and puts them where they belong. */
export async function fetchRoot(run: Run, node: RootFetchNode): Promise<void> {
  const answer = await askSubgraph(run, node, pickVariables(run, node.variables))
  if (answer.whole) {
    run.book.miss(run.root, providedKeys(node.operation, node.outputRewrites), answer.whole)
    run.book.mention(answer.whole)
  }
  for (const { error, path } of answer.placed) run.book.place(error, renamedPath(path, node.outputRewrites))
  const data = rewritten(answer.data, node.outputRewrites, run.parts.possibleTypes)
  if (isObject(data)) mergeInto(run.root, data, run.parts.possibleTypes)
}

/** Only what the sub-request declares: a subgraph refuses others, and need not see them. */
export function pickVariables(run: Run, names: readonly string[]): Record<string, unknown> {
  const { variables } = run.request
  return Object.fromEntries(names.filter((name) => name in variables).map((name) => [name, variables[name]]))
}

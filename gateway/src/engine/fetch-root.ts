import type { RootFetchNode } from '../planner/plan.ts'
import { askSubgraph, unusable } from './ask-subgraph.ts'
import { type DataObject, isObject } from './data.ts'
import { mergeInto } from './merge.ts'
import { providedKeys } from './provided-keys.ts'
import { renamedPath, rewritten } from './rewrites.ts'
import type { Run } from './run-plan.ts'

/** Fetches fields of the root and puts them where they belong. */
export async function fetchRoot(run: Run, node: RootFetchNode): Promise<void> {
  const answer = await askSubgraph(run, node, pickVariables(run.request.variables, node.variables))
  if (answer.whole) {
    const keys = askedKeys(node)
    run.book.miss(run.root, keys, answer.whole)
    run.book.mention(
      answer.whole,
      Array.from(keys, (key) => [key]),
    )
  }
  for (const { error, path } of answer.placed) run.book.place(error, renamedPath(path, node.outputRewrites))
  const data = rewritten(answer.data, node.outputRewrites, run.parts.possibleTypes)
  if (!isObject(data)) return
  if (!answer.whole && answer.placed.length === 0) missAbsent(run, node, data)
  mergeInto(run.root, data, run.parts.possibleTypes)
}

/** A field may be null; to leave it out is wrong. */
function missAbsent(run: Run, node: RootFetchNode, data: DataObject): void {
  const absent = [...askedKeys(node)].filter((key) => !(key in data))
  if (absent.length > 0) run.book.miss(run.root, new Set(absent), unusable(run))
}

function askedKeys(node: RootFetchNode): ReadonlySet<string> {
  const known = keysOfNodes.get(node)
  if (known) return known
  const keys = providedKeys(node.operation, node.outputRewrites)
  keysOfNodes.set(node, keys)
  return keys
}

const keysOfNodes = new WeakMap<RootFetchNode, ReadonlySet<string>>()

/** Only what the sub-request declares: a subgraph refuses others, and need not see them. */
export function pickVariables(
  variables: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in variables).map((name) => [name, variables[name]]))
}

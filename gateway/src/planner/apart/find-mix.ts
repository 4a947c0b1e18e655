import type { PlanNode, RequiresSelection } from '@graphql-hive/router-query-planner'

/**
 * A field that a step is told in two ways: the planner put together steps that require it with different arguments.
 * Undefined for a plan that is right.
 */
export function findMix(node: PlanNode): string | undefined {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return firstOf(node.nodes, findMix)
    case 'Flatten':
      return findMix(node.node)
    case 'Fetch':
      return mixIn(node.requires ?? [])
    case 'BatchFetch':
      return firstOf(node.entityBatch.aliases, ({ requires }) => mixIn(requires))
    default:
      return undefined
  }
}

function mixIn(selections: readonly RequiresSelection[]): string | undefined {
  const sources = new Map<string, string>()
  for (const one of selections) {
    if (one.kind === 'FragmentSpread') continue
    const below = mixIn(one.selections ?? [])
    if (below !== undefined) return below
    if (one.kind !== 'Field') continue
    const key = one.alias ?? one.name
    if ((sources.get(key) ?? one.name) !== one.name) return key
    sources.set(key, one.name)
  }
  return undefined
}

function firstOf<T>(list: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

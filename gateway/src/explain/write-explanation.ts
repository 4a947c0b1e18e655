import type { EntityFetchNode, PathSegment, PlanNode, Requirement, RootFetchNode } from '../planner/plan.ts'
import type { Explanation } from './explain.ts'
import { partLines } from './write-parts.ts'

/** For people at a terminal: the plan as a tree, the generated code, and the times. */
export function writeExplanation({ plans, code, inParts, steps }: Explanation): string {
  const title = plans.length > 1 ? 'Plans, one after another' : 'Plan'
  const tree = plans.length > 0 ? plans.flatMap(planLines).map(indent) : [NOTHING]
  const functions = 'source' in code ? code.source : `None: ${code.reason}. The operation is walked.`
  const times = steps.map(({ name, ms }) => `  ${ms.toFixed(2).padStart(8)} ms  ${name}`)
  return [
    ...[title, '', ...tree, ''],
    ...(inParts ? ['With what is deferred coming later', '', ...partLines(inParts).map(indent), ''] : []),
    ...['Generated functions', '', functions, ''],
    ...['Times, second run in this process', '', ...times, ''],
  ].join('\n')
}

const NOTHING = '  Nothing is asked of subgraphs: the gateway answers by itself.'

function planLines(node: PlanNode): readonly string[] {
  switch (node.kind) {
    case 'sequence':
      return ['one after another', ...node.nodes.flatMap(planLines).map(indent)]
    case 'parallel':
      return ['at once', ...node.nodes.flatMap(planLines).map(indent)]
    case 'condition':
      return [
        `if $${node.variable}`,
        ...[node.whenTrue, node.whenFalse].flatMap((one) => (one ? planLines(one) : [])).map(indent),
      ]
    case 'root':
      return fetchLines(node, [])
    case 'entities':
      return fetchLines(
        node,
        node.batches.flatMap(({ key, paths, requires }) =>
          paths.map((path) => `${key} at ${pathText(path)} with ${requires.map(requirementText).join(' ')}`),
        ),
      )
  }
}

function fetchLines(node: RootFetchNode | EntityFetchNode, more: readonly string[]): readonly string[] {
  const operation = node.operation.replace(/\s+/g, ' ').trim()
  return [`${node.subgraph}: ${operation}`, ...more.map(indent)]
}

function indent(line: string): string {
  return `  ${line}`
}

function pathText(path: readonly PathSegment[]): string {
  const text = path.map((segment) => {
    if (segment.kind === 'items') return '[]'
    return segment.kind === 'field' ? `.${segment.name}` : `|${segment.names.join('|')}|`
  })
  return text.join('').replace(/^\./, '')
}

function requirementText(requirement: Requirement): string {
  const inner = requirement.inner ? ` { ${requirement.inner.map(requirementText).join(' ')} }` : ''
  return requirement.kind === 'field' ? `${requirement.name}${inner}` : `${requirement.type}${inner}`
}

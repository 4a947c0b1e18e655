import { Fault } from '@stoa/platform/fault'
import { readOverrides } from '../planner/overrides.ts'
import { parseSupergraph } from '../planner/subgraphs-of.ts'

export interface Labelled {
  readonly labels: readonly string[]
  readonly supergraph: string
  readonly path: string
}

/** Why a label of `--label` does nothing: no field of the supergraph has it. Undefined when each is of some use. */
export function uselessLabels({ labels, supergraph, path }: Labelled): string | undefined {
  if (labels.length === 0) return undefined
  const fields = readOverrides(parseSupergraph(supergraph, path))
  const known = new Set([...fields.values()].flatMap((ofField) => [...ofField]))
  const unknown = labels.filter((label) => !known.has(label))
  if (unknown.length === 0) return undefined
  // Those by percentage are decided for each request, and never by name.
  const named = [...known].filter((label) => !label.startsWith('percent(')).sort()
  const having = named.length > 0 ? `It has: ${named.join(', ')}.` : 'It has none.'
  return `--label names what no @override(label:) of the supergraph has: ${unknown.join(', ')}. ${having}`
}

/** Throws BAD_CONFIG: most likely a slip of the pen. */
export function checkLabels(labelled: Labelled): void {
  const problem = uselessLabels(labelled)
  if (problem !== undefined) throw new Fault('BAD_CONFIG', problem)
}

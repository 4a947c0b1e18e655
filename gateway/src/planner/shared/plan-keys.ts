import { hash } from 'node:crypto'
import { Kind, parse } from 'graphql'
import { fragmentsOf } from '../../guards/fragment-size.ts'
import { type ActiveOverrides, overridesKey, touchedLabels } from '../overrides.ts'
import type { Seal } from './plan-seal.ts'
import { plannerEdition } from './planner-edition.ts'
import type { SharePlansParts } from './share-plans.ts'

type Known = Pick<SharePlansParts, 'supergraph' | 'labels' | 'reservedKeys'>

/** Names a plan by all that decides it: who plans, for which supergraph, which document, with which labels on. */
export function createKeys(
  seal: Seal,
  known: Known,
): (document: string, overrides: ActiveOverrides) => string {
  const graph = [plannerEdition(), hash('sha256', known.supergraph)]
  return (document, overrides) => seal.nameOf([...graph, areOn(document, overrides, known), document])
}

/** Which of the labels that this document has anything to do with are on. */
function areOn(document: string, overrides: ActiveOverrides, { labels, reservedKeys }: Known): string {
  if (labels.size === 0) return ''
  const parsed = parse(document, { noLocation: true })
  const operation = parsed.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  const parts = operation && { operation, fragments: fragmentsOf(parsed) }
  const touched = parts && touchedLabels(parts, labels, reservedKeys.keys())
  return touched ? overridesKey(touched, overrides) : ''
}

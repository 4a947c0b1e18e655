import { ok, type Result } from '@stoa/platform/result'
import type { OperationDefinitionNode, OperationTypeNode } from 'graphql'
import type { Graph } from '../graph.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { DocumentLimits } from '../limits.ts'
import { conditionVariables, type OperationParts } from '../planner/normalise-operation.ts'
import type { Refusal } from '../refusal.ts'
import { checkDocument, chooseOperation } from './check-document.ts'
import { planVariant, type VariantOrRefusal } from './plan-variant.ts'

export type { PlannedVariant } from './plan-variant.ts'

type Variables = Readonly<Record<string, unknown>>

/** A document made ready once and run many times. */
export interface PreparedOperation {
  readonly kind: `${OperationTypeNode}`
  readonly node: OperationDefinitionNode
  /** The plan for these variables, made when it is first wanted. */
  planFor(variables: Variables): VariantOrRefusal
  /** For which combinations of conditions there is a plan: variables that lead to each. */
  planned(): readonly Variables[]
  readonly source: DocumentToPrepare
  /** What keeping it costs, roughly. */
  readonly bytes: number
}

export interface DocumentToPrepare {
  readonly text: string
  readonly operationName: string | undefined
  readonly limits: DocumentLimits
}

/** Parse, measure, validate, choose the operation. The text must have been guarded. */
export function prepareOperation(
  graph: Graph,
  document: DocumentToPrepare,
): Result<PreparedOperation, Refusal> {
  const { text, operationName, limits } = document
  const checked = checkDocument(text, limits, graph)
  if (!checked.ok) return checked
  const chosen = chooseOperation(checked.value, operationName)
  if (!chosen.ok) return chosen
  const operation = chosen.value
  return ok({
    kind: operation.operation,
    node: operation,
    ...createVariants(graph, { operation, fragments: fragmentsOf(checked.value) }),
    source: document,
    bytes: text.length * BYTES_EACH,
  })
}

/** A syntax tree with locations and its plan take about this many bytes for each character of a document (measured). */
const BYTES_EACH = 150

/** Beyond this many combinations of conditions the oldest is planned anew when it is wanted again. */
const MOST_VARIANTS = 16

function createVariants(graph: Graph, parts: OperationParts): Pick<PreparedOperation, 'planFor' | 'planned'> {
  const names = conditionVariables(parts)
  const variants = new Map<string, VariantOrRefusal>()
  const variablesOf = (key: string): Variables =>
    Object.fromEntries(names.map((name, i) => [name, key[i] === '1']))
  return {
    planFor(variables) {
      const key =
        names.length === 0 ? '' : names.map((name) => (variables[name] === true ? '1' : '0')).join('')
      const known = variants.get(key)
      if (known) return known
      const planned = planVariant(graph, parts, variables)
      const [oldest] = variants.keys()
      if (variants.size >= MOST_VARIANTS && oldest !== undefined) variants.delete(oldest)
      variants.set(key, planned)
      return planned
    },
    planned: () => [...variants.keys()].map(variablesOf),
  }
}

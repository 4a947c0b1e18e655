import { type Err, ok, type Result } from '@stoa/platform/result'
import type { OperationDefinitionNode, OperationTypeNode } from 'graphql'
import { severities } from '../error-codes.ts'
import type { Graph } from '../graph.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import type { DocumentLimits } from '../limits.ts'
import { conditionVariables, type OperationParts } from '../planner/normalise-operation.ts'
import {
  type ActiveOverrides,
  NO_OVERRIDES,
  overridesKey,
  type TouchedLabels,
  touchedLabels,
} from '../planner/overrides.ts'
import type { Refusal } from '../refusal.ts'
import { checkDocument, chooseOperation } from './check-document.ts'
import { planVariant, type VariantOrRefusal } from './plan-variant.ts'

type Variables = Readonly<Record<string, unknown>>

/** A document made ready once and run many times. */
export interface PreparedOperation {
  readonly kind: `${OperationTypeNode}`
  readonly node: OperationDefinitionNode
  /** Labels its plan depends on. */
  readonly labels: TouchedLabels | undefined
  /** The plan for these variables, made when it is first wanted; a promise while it is being made elsewhere. */
  planFor(variables: Variables, overrides?: ActiveOverrides): VariantOrRefusal | Promise<VariantOrRefusal>
  /** For which combinations of conditions there is a plan: what leads to each. */
  planned(): readonly PlannedFor[]
  readonly source: DocumentToPrepare
  /** What keeping it costs, roughly. */
  readonly bytes: number
}

interface PlannedFor {
  readonly variables: Variables
  readonly overrides?: ActiveOverrides
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

type Variants = Pick<PreparedOperation, 'planFor' | 'planned' | 'labels'>

function createVariants(graph: Graph, parts: OperationParts): Variants {
  const names = conditionVariables(parts)
  const labels = touchedLabels(parts, graph.labels, graph.reservedKeys.keys())
  const variants = new Map<string, Variant>()
  const variablesOf = (key: string): Variables =>
    Object.fromEntries(names.map((name, i) => [name, key[i] === '1']))

  function plan(key: string, wanted: PlannedFor): Variant['planned'] {
    const planned = planVariant(graph, parts, wanted)
    const variant: Variant = { planned, overrides: wanted.overrides }
    const [oldest] = variants.keys()
    if (variants.size >= MOST_VARIANTS && oldest !== undefined) variants.delete(oldest)
    variants.set(key, variant)
    if (planned instanceof Promise)
      void planned.then((settled) => {
        variant.planned = settled
        // Whoever asks again may have more luck.
        if (isForNow(settled) && variants.get(key) === variant) variants.delete(key)
      })
    return planned
  }

  return {
    labels,
    planFor(variables, overrides) {
      const conditions =
        names.length === 0 ? '' : names.map((name) => (variables[name] === true ? '1' : '0')).join('')
      const key = labels ? conditions + overridesKey(labels, overrides ?? NO_OVERRIDES) : conditions
      const known = variants.get(key)
      return known ? known.planned : plan(key, { variables, ...(overrides && { overrides }) })
    },
    planned: () =>
      [...variants].map(([key, { overrides }]) => ({
        variables: variablesOf(key),
        ...(overrides && { overrides }),
      })),
  }
}

/** Whether it is refused only because it could not be planned right now. */
export function isForNow(planned: VariantOrRefusal): planned is Err<Refusal> {
  return !planned.ok && planned.error.severity === severities.GATEWAY_BUSY
}

interface Variant {
  /** A promise of one that is never rejected, until it is kept. */
  planned: VariantOrRefusal | Promise<VariantOrRefusal>
  readonly overrides: ActiveOverrides | undefined
}

import { systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import type { Result } from '@stoa/platform/result'
import { planInParts } from '../deferred/defer.ts'
import type { PlanInParts } from '../deferred/delivery.ts'
import { checkDocument, chooseOperation } from '../documents/check-document.ts'
import { compileOperation } from '../engine/compiled/compiled-operation.ts'
import { NotCompiled } from '../engine/compiled/deviation.ts'
import type { PlannedOperation } from '../engine/engine.ts'
import { type Graph, openGraph } from '../graph.ts'
import { fragmentsOf } from '../guards/fragment-size.ts'
import { defaultLimits } from '../limits.ts'
import type { SubgraphClient } from '../options.ts'
import {
  conditionVariables,
  normaliseOperation,
  type OperationParts,
} from '../planner/normalise-operation.ts'
import { NO_OVERRIDES } from '../planner/overrides.ts'
import { readOwnership } from '../planner/ownership.ts'
import type { PlanNode } from '../planner/plan.ts'
import { type LocalPlanner, openPlanner } from '../planner/planner.ts'
import { readPlan } from '../planner/read-plan.ts'
import { separateKeys } from '../planner/separate-keys.ts'
import { splitOperation } from '../planner/split-operation.ts'
import { parseSupergraph, subgraphsOf } from '../planner/subgraphs-of.ts'
import type { Refusal } from '../refusal.ts'

export interface ToExplain {
  readonly document: string
  readonly supergraph: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
  /** What functions are generated for: subgraphs behind a wire, or in the gateway's process. */
  readonly over: 'bytes' | 'objects'
}

/** What becomes of an operation before its first sub-request, and how long each step took. */
export interface Explanation {
  readonly plans: readonly PlanNode[]
  /** Generated functions, or why there are none. */
  readonly code: { readonly source: string } | { readonly reason: string }
  /** How it is answered to clients that take what is deferred later; absent when nothing is. */
  readonly inParts?: PlanInParts
  readonly steps: readonly { readonly name: string; readonly ms: number }[]
}

/** Throws with the codes of what is wrong with the document. */
export function explain({ document, supergraph, operationName, variables, over }: ToExplain): Explanation {
  const graph = openSilently(supergraph)
  const planner = openPlanner(supergraph)
  const steps: { name: string; ms: number }[] = []
  const timed = <T>(name: string, work: () => T): T => {
    const start = performance.now()
    const result = work()
    steps.push({ name, ms: performance.now() - start })
    return result
  }
  // The first time pays for everything that is loaded when it is needed: the second is what a gateway sees.
  const run = (): Omit<Explanation, 'steps'> => {
    const checked = timed('parse, measure, validate', () =>
      unwrap(checkDocument(document, defaultLimits.trusted, graph)),
    )
    const operation = unwrap(chooseOperation(checked, operationName))
    const parts = separateKeys({ operation, fragments: fragmentsOf(checked) }, graph.reservedKeys)
    const plans = timed('plan', () => planAll(graph, planner, { ...parts, variables }))
    const conditions = Object.fromEntries(conditionVariables(parts).map((name) => [name, variables[name]]))
    const code = timed('generate functions', () => generate(graph, { ...parts, plans, conditions }, over))
    const inParts = divide(graph, supergraph, { planned: { ...parts, plans, conditions }, variables })
    return { plans, code, ...(inParts && { inParts }) }
  }
  run()
  steps.length = 0
  return { ...run(), steps }
}

function planAll(
  graph: Graph,
  planner: LocalPlanner,
  parts: OperationParts & Pick<ToExplain, 'variables'>,
): readonly PlanNode[] {
  const texts = splitOperation(normaliseOperation(parts, graph.schema, parts.variables))
  return texts.flatMap((text) => {
    const { node } = planner.plan(text, NO_OVERRIDES)
    return node ? readPlan(node) : []
  })
}

function generate(graph: Graph, planned: PlannedOperation, over: ToExplain['over']): Explanation['code'] {
  try {
    return compileOperation({ schema: graph.schema, possibleTypes: graph.possibleTypes, over }, planned)
  } catch (reason) {
    if (reason instanceof NotCompiled) return { reason: reason.message }
    throw reason
  }
}

function divide(
  { schema, possibleTypes }: Graph,
  supergraph: string,
  { planned, variables }: { readonly planned: PlannedOperation } & Pick<ToExplain, 'variables'>,
): PlanInParts | undefined {
  const deferral = { ownership: readOwnership(parseSupergraph(supergraph)), most: defaultLimits.deferred }
  return planInParts({ schema, possibleTypes, deferral }, planned, variables)
}

function openSilently(supergraph: string): Graph {
  const client: SubgraphClient = {
    execute: async () => {
      throw new Fault('UPSTREAM_UNAVAILABLE', 'Nothing is asked while explaining.')
    },
  }
  const subgraphs = new Map([...subgraphsOf(parseSupergraph(supergraph))].map(({ name }) => [name, client]))
  const ports = { clock: systemClock, random: systemRandom, log: silentLog }
  const markets = [{ code: 'IT', language: 'it' }]
  return openGraph(
    supergraph,
    { supergraph, subgraphs, ...ports, markets, introspection: true },
    defaultLimits,
  )
}

function unwrap<T>(result: Result<T, Refusal>): T {
  if (result.ok) return result.value
  throw new Error(
    result.error.errors.map(({ extensions, message }) => `${extensions.code}: ${message}`).join('\n'),
  )
}

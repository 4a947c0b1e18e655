import { systemClock } from '@stoa/platform/clock'
import { Fault } from '@stoa/platform/fault'
import { silentLog } from '@stoa/platform/log'
import { systemRandom } from '@stoa/platform/random'
import { ok, type Result } from '@stoa/platform/result'
import type { DocumentNode } from 'graphql'
import { planInParts } from '../deferred/defer.ts'
import type { PlanInParts } from '../deferred/delivery.ts'
import { checkDocument } from '../documents/check-document.ts'
import { beginPlanning, endPlanning } from '../documents/plan-variant.ts'
import { compileOperation } from '../engine/compiled/compiled-operation.ts'
import { NotCompiled } from '../engine/compiled/deviation.ts'
import type { PlannedOperation } from '../engine/engine.ts'
import { type Graph, openGraph } from '../graph.ts'
import { defaultLimits } from '../limits.ts'
import type { SubgraphClient } from '../options.ts'
import { NO_OVERRIDES } from '../planner/overrides.ts'
import { type Ownership, readOwnership } from '../planner/ownership.ts'
import type { PlanNode } from '../planner/plan.ts'
import { openPlanner } from '../planner/planner.ts'
import { parseSupergraph, subgraphsOf } from '../planner/subgraphs-of.ts'
import { readAsked } from './read-asked.ts'

export interface ToExplain {
  readonly document: string
  /** What messages call the document, and the supergraph. */
  readonly file: string
  readonly supergraph: string
  readonly supergraphFile: string
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

/** What is wrong with the document, or with what is said of it, is one line for each mistake. Throws BAD_SCHEMA. */
export function explain(asked: ToExplain): Result<Explanation, readonly string[]> {
  const { document, supergraph, over } = asked
  const source = parseSupergraph(supergraph, asked.supergraphFile)
  const graph = openSilently(supergraph, source)
  const read = readAsked(asked, graph)
  if (!read.ok) return read
  const { variables } = read.value
  const planner = openPlanner(supergraph)
  const ownership = readOwnership(source)
  // The first time pays for everything that is loaded when it is needed: the second is what a gateway sees.
  const run = (timed: Timed): Omit<Explanation, 'steps'> => {
    timed('parse, measure, validate', () => checkDocument(document, defaultLimits.trusted, graph))
    const planned = timed('plan', () => {
      const planning = beginPlanning(graph, read.value.parts, variables)
      return endPlanning(
        planning,
        planning.documents.map((text) => planner.plan(text, NO_OVERRIDES)),
      )
    })
    const code = timed('generate functions', () => generate(graph, planned, over))
    const inParts = timed('cut what is deferred', () => divide(graph, ownership, { planned, variables }))
    return { plans: planned.plans, code, ...(inParts && { inParts }) }
  }
  run((_name, work) => work())
  const steps: { name: string; ms: number }[] = []
  const explained = run((name, work) => {
    const start = performance.now()
    const result = work()
    // Where nothing is deferred, nothing is cut.
    if (result !== undefined) steps.push({ name, ms: performance.now() - start })
    return result
  })
  return ok({ ...explained, steps })
}

type Timed = <T>(name: string, work: () => T) => T

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
  ownership: Ownership,
  { planned, variables }: { readonly planned: PlannedOperation } & Pick<ToExplain, 'variables'>,
): PlanInParts | undefined {
  const deferral = { ownership, most: defaultLimits.deferred }
  return planInParts({ schema, possibleTypes, deferral }, planned, variables)
}

function openSilently(supergraph: string, source: DocumentNode): Graph {
  const client: SubgraphClient = {
    execute: async () => {
      throw new Fault('UPSTREAM_UNAVAILABLE', 'Nothing is asked while explaining.')
    },
  }
  const subgraphs = new Map(subgraphsOf(source).map(({ name }) => [name, client]))
  const ports = { clock: systemClock, random: systemRandom, log: silentLog }
  const markets = [{ code: 'IT', language: 'it' }]
  return openGraph(
    supergraph,
    { supergraph, subgraphs, ...ports, markets, introspection: true },
    defaultLimits,
  )
}

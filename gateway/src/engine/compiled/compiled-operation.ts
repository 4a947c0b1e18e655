import type { RequestContext } from '@stoa/platform/subgraph'
import type { GraphQLSchema } from 'graphql'
import type { EntityFetchNode, PlanNode, RootFetchNode } from '../../planner/plan.ts'
import type { PossibleTypes } from '../../planner/possible-types.ts'
import { collectFields } from '../collect-fields.ts'
import type { PlannedOperation } from '../engine.ts'
import { DEVIATION, NotCompiled } from './deviation.ts'
import { generate } from './generate.ts'
import { link, sourceOf } from './link.ts'
import type { Program, RunState } from './program.ts'
import { renderAnswer } from './render.ts'
import { type BodyOf, bodyWriter } from './request-body.ts'
import { type Fetch, shapeOf } from './shape.ts'
import { takeEntities, takeRoot, wantedBy } from './take-answer.ts'

/** An operation as generated functions. */
export interface CompiledOperation {
  /** Their text, for people who want to know. */
  readonly source: string
  /**
   * The answer as JSON: one character for each byte, or the bytes where there are many. Rejects with DEVIATION, or with the fault of a sub-request,
   * when it takes more than this code can do.
   */
  run(request: CompiledRequest): Promise<string | Buffer>
}

export interface CompiledRequest {
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: RequestContext
  /** Sends the body of a sub-request, which has one character for each byte. */
  ask(node: FetchNode, body: string): Promise<Buffer>
}

export type FetchNode = RootFetchNode | EntityFetchNode

export interface CompileParts {
  readonly schema: GraphQLSchema
  readonly possibleTypes: PossibleTypes
}

/** Throws NotCompiled, with the reason, for operations that are left to the tree-walking engine. */
export function compileOperation(parts: CompileParts, planned: PlannedOperation): CompiledOperation {
  const { operation, fragments, shownKeys, conditions, plans } = planned
  const rootType = parts.schema.getRootType(operation.operation)?.name
  if (rootType === undefined) throw new NotCompiled(`there is no ${operation.operation} type`)
  const shape = shapeOf(plans, rootType, parts.possibleTypes)
  const collect = { fragments, types: parts.possibleTypes, variables: conditions, shownKeys }
  const groups = collectFields(collect, [operation.selectionSet], rootType)
  const generated = generate(shape, { groups, isQuery: operation.operation === 'query' }, parts.schema)
  const source = sourceOf(generated)
  const program = link(source)
  const fetches = new Map(
    shape.fetches.map((fetch) => [fetch.node, { fetch, bodyOf: bodyWriter(fetch) }] as const),
  )
  return {
    source,
    async run(request) {
      const going: Going = { program, fetches, request, run: program.start(), stopped: false }
      try {
        for (const plan of plans) await runNode(going, plan)
        return renderAnswer(program, going.run, generated.answer)
      } finally {
        going.stopped = true
      }
    },
  }
}

interface Going {
  readonly program: Program
  readonly fetches: ReadonlyMap<FetchNode, CompiledFetch>
  readonly request: CompiledRequest
  readonly run: RunState
  /** Set when the operation ended, so that branches beside the one that failed ask for nothing more. */
  stopped: boolean
}

interface CompiledFetch {
  readonly fetch: Fetch
  readonly bodyOf: BodyOf
}

async function runNode(going: Going, node: PlanNode): Promise<void> {
  switch (node.kind) {
    case 'sequence':
      for (const step of node.nodes) await runNode(going, step)
      return
    case 'parallel':
      await Promise.all(node.nodes.map((step) => runNode(going, step)))
      return
    case 'condition':
      throw DEVIATION
    default:
      await runFetch(going, node)
  }
}

async function runFetch(going: Going, node: FetchNode): Promise<void> {
  const compiled = going.fetches.get(node)
  if (!compiled || going.stopped) throw DEVIATION
  const { program, run, request } = going
  const { fetch, bodyOf } = compiled
  const wanted = fetch.batches.map(({ index }) => wantedBy(program, run, index))
  if (fetch.rootPart === undefined && wanted.every((batch) => batch.length === 0)) return
  const representations = wanted.map((batch) => batch.map(({ representation }) => representation))
  const answer = await request.ask(node, bodyOf(request.variables, representations))
  if (going.stopped) throw DEVIATION
  if (fetch.rootPart === undefined) takeEntities(program, run, { fetch, wanted }, answer)
  else takeRoot(program, run, fetch.rootPart, answer)
}

import type { RequestContext, SubgraphResponse } from '@stoa/platform/subgraph'
import type { GraphQLSchema } from 'graphql'
import type { EntityFetchNode, PlanNode, RootFetchNode } from '../../planner/plan.ts'
import type { PossibleTypes } from '../../planner/possible-types.ts'
import { collectFields } from '../collect-fields.ts'
import type { Json, PlannedOperation } from '../engine.ts'
import type { Ask, Backend, BackendKind } from './backend.ts'
import { overBytes } from './byte-backend.ts'
import { DEVIATION, NotCompiled } from './deviation.ts'
import { generate } from './generate.ts'
import { overObjects } from './objects/object-backend.ts'
import { type Fetch, type Shape, shapeOf } from './shape.ts'

/** An operation as generated functions. */
export interface CompiledOperation {
  /** Their text, for people who want to know. */
  readonly source: string
  /**
   * The answer as JSON: one character for each byte, or the bytes where there are many. Rejects with DEVIATION, or with the fault of a sub-request,
   * when it takes more than this code can do.
   */
  run(request: CompiledRequest): Promise<Json>
}

export interface CompiledRequest {
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: RequestContext
  /** Sends the body of a sub-request, which has one character for each byte. */
  ask(node: FetchNode, body: string): Promise<Buffer>
  /** Hands the variables of a sub-request to a subgraph in this process. */
  askObjects(node: FetchNode, variables: Readonly<Record<string, unknown>>): Promise<SubgraphResponse>
}

export type FetchNode = RootFetchNode | EntityFetchNode

export interface CompileParts {
  readonly schema: GraphQLSchema
  readonly possibleTypes: PossibleTypes
  /** What sub-requests are answered with. */
  readonly over: 'bytes' | 'objects'
}

/** Throws NotCompiled, with the reason, for operations that are left to the tree-walking engine. */
export function compileOperation(parts: CompileParts, planned: PlannedOperation): CompiledOperation {
  const { operation, plans } = planned
  const rootType = parts.schema.getRootType(operation.operation)?.name
  if (rootType === undefined) throw new NotCompiled(`there is no ${operation.operation} type`)
  const shape = shapeOf(plans, rootType, parts.possibleTypes)
  const compiling: Compiling = { parts, planned, rootType, shape }
  return parts.over === 'bytes' ? compileFor(overBytes, compiling) : compileFor(overObjects, compiling)
}

interface Compiling {
  readonly parts: CompileParts
  readonly planned: PlannedOperation
  readonly rootType: string
  readonly shape: Shape
}

function compileFor<Run, Wanted, Answer>(
  kind: BackendKind<Run, Wanted, Answer>,
  { parts, planned, rootType, shape }: Compiling,
): CompiledOperation {
  const { operation, fragments, shownKeys, conditions, plans } = planned
  const collect = { fragments, types: parts.possibleTypes, variables: conditions, shownKeys }
  const groups = collectFields(collect, [operation.selectionSet], rootType)
  const fields = { groups, isQuery: operation.operation === 'query' }
  const generated = generate(shape, fields, { schema: parts.schema, emitter: kind.emitter })
  const source = kind.sourceOf(generated)
  const backend = kind.link(source, generated)
  const fetches = new Map(
    shape.fetches.map((fetch) => [fetch.node, { fetch, ask: backend.asker(fetch) }] as const),
  )
  return {
    source,
    async run(request) {
      const going = { backend, fetches, request, run: backend.start(), stopped: false }
      try {
        for (const plan of plans) await runNode(going, plan)
        return backend.finish(going.run)
      } finally {
        going.stopped = true
      }
    },
  }
}

interface Going<Run, Wanted, Answer> {
  readonly backend: Backend<Run, Wanted, Answer>
  readonly fetches: ReadonlyMap<FetchNode, CompiledFetch<Wanted, Answer>>
  readonly request: CompiledRequest
  readonly run: Run
  /** Set when the operation ended, so that branches beside the one that failed ask for nothing more. */
  stopped: boolean
}

interface CompiledFetch<Wanted, Answer> {
  readonly fetch: Fetch
  readonly ask: Ask<Wanted, Answer>
}

async function runNode<Run, Wanted, Answer>(
  going: Going<Run, Wanted, Answer>,
  node: PlanNode,
): Promise<void> {
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

async function runFetch<Run, Wanted, Answer>(
  going: Going<Run, Wanted, Answer>,
  node: FetchNode,
): Promise<void> {
  const compiled = going.fetches.get(node)
  if (!compiled || going.stopped) throw DEVIATION
  const { backend, run, request } = going
  const { fetch, ask } = compiled
  const wanted = fetch.batches.map(({ index }) => backend.wantedBy(run, index))
  if (fetch.rootPart === undefined && wanted.every((batch) => batch.length === 0)) return
  const answer = await ask(request, wanted)
  if (going.stopped) throw DEVIATION
  if (fetch.rootPart === undefined) backend.takeEntities(run, { fetch, wanted }, answer)
  else backend.takeRoot(run, fetch.rootPart, answer)
}

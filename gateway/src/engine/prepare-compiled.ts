import { toFault } from '@stoa/platform/fault'
import type { PlanNode } from '../planner/plan.ts'
import { type CompiledOperation, compileOperation } from './compiled/compiled-operation.ts'
import { DEVIATION, NotCompiled } from './compiled/deviation.ts'
import type { EngineAnswer, EngineParts, Executable, ExecutionRequest, PlannedOperation } from './engine.ts'
import { createSubRequests, type SubRequestParts } from './recall.ts'
import { afterEvent, recallEvent } from './source-event.ts'
import { walkOperation } from './walk-operation.ts'

/**
 * An operation that is walked at first, and run by generated functions from its second time on. Whatever these cannot
 * take is walked again with the answers that came, so both ways lead to the same answer. While one sub-request after
 * another deviates, generated code is tried less and less often: a subgraph that is down must not cost two ways.
 */
export function prepareCompiled(
  parts: EngineParts & SubRequestParts,
  planned: PlannedOperation,
  counts: RunCounts,
): Executable {
  const walks = parts.compileAfter * (1 + Math.floor(lengthOf(planned) / LARGE))
  const state: State = { compiled: undefined, walks, runs: 0, deviations: 0, rest: 0 }
  return {
    async run(request) {
      const compiled = chooseCompiled(state, parts, planned)
      if (compiled) return await runCompiled({ state, parts, planned, compiled, counts }, request)
      counts.walked += 1
      return await walkOperation(parts, planned, request, request.event && recallEvent(request.event))
    },
  }
}

/** How often operations went which way. */
export interface RunCounts {
  generated: number
  /** Begun by generated functions and ended by the walk. */
  deviated: number
  walked: number
}

interface State {
  /** Absent before it is tried; `walk` when it cannot be generated. */
  compiled: CompiledOperation | 'walk' | undefined
  /** How often it is walked at first. */
  readonly walks: number
  runs: number
  /** In a row. */
  deviations: number
  /** Runs to walk before generated code is tried again. */
  rest: number
}

const MOST_REST = 1_024

/**
 * Characters of a document after which it is walked once more: generating keeps everybody waiting the longer the
 * larger the operation is, so a large one has to come more often first.
 */
const LARGE = 2_000

function lengthOf({ operation, fragments }: PlannedOperation): number {
  const nodes = [operation, ...fragments.values()]
  return nodes.reduce((sum, { loc }) => sum + (loc ? loc.end - loc.start : 0), 0)
}

function chooseCompiled(
  state: State,
  parts: EngineParts,
  planned: PlannedOperation,
): CompiledOperation | undefined {
  state.runs += 1
  if (state.rest > 0) state.rest -= 1
  if (state.runs <= state.walks || state.rest > 0) return undefined
  state.compiled ??= tryToCompile(parts, planned)
  return state.compiled === 'walk' ? undefined : state.compiled
}

function tryToCompile(parts: EngineParts, planned: PlannedOperation): CompiledOperation | 'walk' {
  try {
    return compileOperation({ ...parts, over: answersOf(parts, planned) }, planned)
  } catch (reason) {
    if (!(reason instanceof NotCompiled)) throw reason
    const operation = planned.operation.name?.value
    parts.log.debug({ operation, reason: reason.message }, 'no functions are generated for an operation')
    return 'walk'
  }
}

/** Objects, when nothing is asked of a subgraph behind a wire. */
function answersOf({ clients }: EngineParts, { plans }: PlannedOperation): 'bytes' | 'objects' {
  const asked = plans.flatMap(subgraphsIn)
  return asked.some((name) => clients.get(name)?.exchange) ? 'bytes' : 'objects'
}

function subgraphsIn(node: PlanNode): readonly string[] {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap(subgraphsIn)
    case 'condition':
      return [node.whenTrue, node.whenFalse].flatMap((one) => (one ? subgraphsIn(one) : []))
    default:
      return [node.subgraph]
  }
}

interface Running {
  readonly state: State
  readonly parts: EngineParts & SubRequestParts
  readonly planned: PlannedOperation
  readonly compiled: CompiledOperation
  readonly counts: RunCounts
}

async function runCompiled(running: Running, request: ExecutionRequest): Promise<EngineAnswer> {
  const { state, parts, planned, compiled, counts } = running
  // What follows from an event must not be told by answers that were asked for before it.
  const isQuery = planned.operation.operation === 'query'
  const sending = createSubRequests(parts, request.context, !isQuery)
  const subRequests = request.event ? afterEvent(request.event, sending) : sending
  try {
    const { variables, context } = request
    const json = await compiled.run({
      variables,
      context,
      ask: subRequests.send,
      askObjects: subRequests.ask,
    })
    state.deviations = 0
    counts.generated += 1
    return { json }
  } catch (reason) {
    // Faults of subgraphs come up again on the second way, where they are told.
    if (reason !== DEVIATION) toFault(reason)
    state.deviations += 1
    counts.deviated += 1
    state.rest = Math.min(2 ** state.deviations, MOST_REST)
    return await walkOperation(parts, planned, request, subRequests)
  }
}

import type { OperationContext } from '../edge/operation-directives.ts'
import type { Asked } from '../edge/read-asked.ts'
import type { Graph } from '../graph.ts'
import type { PreparedOperation } from './prepare-operation.ts'

/**
 * What follows from a body and the graph alone, found good: the same for whoever sends it. Nothing of the caller, of
 * headers or of the address is in it, so all that depends on these is looked at anew for each request.
 */
export interface ReadyRequest {
  /** On which it was found good; it holds for no other. */
  readonly graph: Graph
  readonly asked: Asked
  /** The operation's among the graph's. */
  readonly key: string
  readonly operation: PreparedOperation
  /** Coerced, and frozen: one value serves many requests. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: OperationContext
}

/** Finds it by the body's bytes, without a look inside. */
export function recallRequest({ requests, operations }: Graph, raw: string): ReadyRequest | undefined {
  const ready = requests.get(raw)
  // Wanted again: nobody else asks for the operation while its bodies are known.
  if (ready) operations.get(ready.key)
  return ready
}

export function keepRequest({ requests }: Graph, raw: string, ready: ReadyRequest): void {
  freeze(ready.variables)
  requests.set(raw, ready, raw.length * BYTES_EACH + BYTES_MORE)
}

/** What was parsed of a body takes about this many bytes for each of its own. */
const BYTES_EACH = 4
const BYTES_MORE = 500

/** No deeper than a request's JSON may be. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner)
}

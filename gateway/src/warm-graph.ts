import { setImmediate } from 'node:timers/promises'
import { prepareOperation } from './documents/prepare-operation.ts'
import type { Graph } from './graph.ts'

/** Operations carried over; a client of any other waits once for its plan. */
const CARRIED = 200

/**
 * Prepares and plans on a new graph what the old one was asked for most recently. Between two plans everybody else
 * has a turn.
 */
export async function warmGraph(next: Graph, old: Graph): Promise<void> {
  // The hottest comes last, so that it stays longest.
  for (const [key, operation] of old.operations.recent(CARRIED).toReversed()) {
    await setImmediate()
    const prepared = prepareOperation(next, operation.source)
    // What the new graph refuses will be refused when it is asked for.
    if (!prepared.ok) continue
    for (const { variables, overrides } of operation.planned()) {
      await setImmediate()
      await prepared.value.planFor(variables, overrides)
    }
    next.operations.set(key, prepared.value, prepared.value.bytes)
    // Wanted for the second time: out of reach of documents that are sent only once.
    next.operations.get(key)
  }
}

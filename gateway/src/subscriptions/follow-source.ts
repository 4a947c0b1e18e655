import { Fault } from '@stoa/platform/fault'
import type { SubgraphRequest, SubgraphResponse } from '@stoa/platform/subgraph'
import { chainOfCauses } from '../chain-of-causes.ts'
import { isObject } from '../engine/data.ts'
import { withDeadline } from '../engine/with-deadline.ts'
import type { RootFetchNode } from '../planner/plan.ts'
import { brokenBy, COMPLETED } from './ending.ts'
import type { EventQueue } from './event-queue.ts'
import type { Subscribing } from './subscribing.ts'

/** Resolves to what the subgraph tells once it has taken the subscription; throws a fault when it does not. */
export async function subscribeToSource(
  { pipeline, graph, context, variables, source }: Subscribing,
  signal: AbortSignal,
): Promise<AsyncIterable<SubgraphResponse>> {
  const client = graph.clients.get(source.subgraph)
  if (!client?.subscribe)
    throw new Fault('BAD_CONFIG', `The client of the subgraph ${source.subgraph} cannot subscribe.`)
  const request: SubgraphRequest = { ...questionOf(source, variables), context }
  // Bound here, where it is known to be there.
  const subscribe = client.subscribe.bind(client, request, signal)
  return await withDeadline(pipeline.clock, context.deadline, subscribe)
}

function questionOf(
  { operation: query, operationName, variables: names }: RootFetchNode,
  variables: Readonly<Record<string, unknown>>,
): Omit<SubgraphRequest, 'context'> {
  const used = names.filter((name) => name in variables).map((name) => [name, variables[name]])
  return { query, ...(operationName !== undefined && { operationName }), variables: Object.fromEntries(used) }
}

/** Puts what a source tells into the queue until either of them ends; false when it was the queue. Never rejects. */
export async function followSource(
  told: AsyncIterable<SubgraphResponse>,
  queue: EventQueue,
  { pipeline, source, context }: Subscribing,
): Promise<boolean> {
  const { eventBytes } = pipeline.limits.subscriptions
  try {
    for await (const response of told) if (!queue.push(bytesOf(response, eventBytes))) return false
    queue.end(COMPLETED)
  } catch (reason) {
    const { correlationId } = context
    const broken = brokenBy(reason, correlationId)
    const { code } = broken.fault
    pipeline.options.log.warn(
      { subgraph: source.subgraph, code, reason: chainOfCauses(broken.fault), correlationId },
      'a source of events broke',
    )
    queue.end(broken)
  }
  return true
}

/** As text from here on: what waits is counted in bytes, and generated functions read bytes. */
function bytesOf(response: unknown, limit: number): Buffer {
  if (!isObject(response) || !('data' in response || 'errors' in response))
    throw new Fault('UPSTREAM_INVALID', 'An event had neither data nor errors.')
  const bytes = Buffer.from(JSON.stringify(response))
  if (bytes.length <= limit) return bytes
  throw new Fault('UPSTREAM_INVALID', `An event had ${bytes.length} bytes, at most ${limit} are allowed.`)
}

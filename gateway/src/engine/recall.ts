import { Fault } from '@stoa/platform/fault'
import type { RequestContext, SubgraphResponse } from '@stoa/platform/subgraph'
import { readAnswer } from '../client/read-answer.ts'
import type { SubgraphClient } from '../options.ts'
import type { EntityFetchNode, RootFetchNode } from '../planner/plan.ts'
import type { EngineParts } from './engine.ts'
import { withDeadline } from './with-deadline.ts'

/**
 * Sub-requests that generated code has sent for a request. When it meets an answer that it cannot take, the walk over
 * the plan begins anew with these answers: above all, no mutation is sent twice.
 */
export interface Recall {
  /** What a sub-request was answered; undefined when it was not sent, or not with this body. */
  response(node: FetchNode, body: () => string): Promise<SubgraphResponse> | undefined
}

type FetchNode = RootFetchNode | EntityFetchNode

export interface SubRequests extends Recall {
  send(node: FetchNode, body: string): Promise<Buffer>
}

/** Sends sub-requests and remembers them. */
export function createSubRequests(
  { clients, clock }: Pick<EngineParts, 'clients' | 'clock'>,
  context: RequestContext,
  isMutation: boolean,
): SubRequests {
  const sent = new Map<FetchNode, Sent>()

  function ask(node: FetchNode, body: string): Sent {
    const client = clients.get(node.subgraph)
    if (!client) throw new Fault('BAD_SCHEMA', `There is no client for the subgraph ${node.subgraph}.`)
    const repeatable = !isMutation || node.kind === 'entities'
    if (client.exchange)
      return sentOverWire(body, client.exchange({ body, repeatable, shareable: !isMutation, context }))
    const work = (): Promise<SubgraphResponse> => askObjects(client, body, { node, context })
    return sentInProcess(body, withDeadline(clock, context.deadline, work))
  }

  return {
    async send(node, body) {
      const one = ask(node, body)
      sent.set(node, one)
      try {
        return await one.bytes
      } catch (reason) {
        one.failed = true
        throw reason
      }
    },
    response(node, body) {
      const one = sent.get(node)
      if (!one || (node.kind === 'entities' && !one.failed && one.body !== body())) return undefined
      return one.response ?? one.bytes.then((bytes) => readAnswer(node.subgraph, bytes.toString()))
    },
  }
}

interface Sent {
  readonly body: string
  failed: boolean
  readonly bytes: Promise<Buffer>
  /** Absent where there is a wire. */
  readonly response: Promise<SubgraphResponse> | undefined
}

function sentOverWire(body: string, bytes: Promise<Buffer>): Sent {
  return { body, failed: false, bytes, response: undefined }
}

function sentInProcess(body: string, response: Promise<SubgraphResponse>): Sent {
  const bytes = response.then((answer) => Buffer.from(JSON.stringify(answer)))
  return { body, failed: false, bytes, response }
}

/** A subgraph in this process takes and gives objects. */
async function askObjects(
  client: SubgraphClient,
  body: string,
  { node, context }: { readonly node: FetchNode; readonly context: RequestContext },
): Promise<SubgraphResponse> {
  const { variables } = JSON.parse(Buffer.from(body, 'latin1').toString())
  const { operation: query, operationName } = node
  return await client.execute({
    query,
    variables,
    context,
    ...(operationName !== undefined && { operationName }),
  })
}

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
  return {
    async send(node, body) {
      const client = clients.get(node.subgraph)
      if (!client) throw new Fault('BAD_SCHEMA', `There is no client for the subgraph ${node.subgraph}.`)
      const repeatable = !isMutation || node.kind === 'entities'
      const one = client.exchange
        ? overWire(node.subgraph, body, client.exchange({ body, repeatable, context }))
        : inProcess(
            body,
            withDeadline(clock, context.deadline, () => askObjects(client, body, { node, context })),
          )
      sent.set(node, one)
      return await one.bytes()
    },
    response(node, body) {
      const one = sent.get(node)
      if (!one || (node.kind === 'entities' && !one.failed && one.body !== body())) return undefined
      return one.response()
    },
  }
}

interface Sent {
  readonly body: string
  failed: boolean
  bytes(): Promise<Buffer>
  response(): Promise<SubgraphResponse>
}

function overWire(name: string, body: string, answer: Promise<Buffer>): Sent {
  return sent(body, answer, {
    bytes: () => answer,
    response: async () => readAnswer(name, (await answer).toString()),
  })
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

function inProcess(body: string, answer: Promise<SubgraphResponse>): Sent {
  return sent(body, answer, {
    bytes: async () => Buffer.from(JSON.stringify(await answer)),
    response: () => answer,
  })
}

function sent(body: string, answer: Promise<unknown>, forms: Pick<Sent, 'bytes' | 'response'>): Sent {
  const one: Sent = { body, failed: false, ...forms }
  answer.catch(() => {
    one.failed = true
  })
  return one
}

import { Fault } from '@stoa/platform/fault'
import type { RequestContext, SubgraphResponse } from '@stoa/platform/subgraph'
import { checkJsonDepth } from '../guards/guard-json.ts'
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
  /** Answers with text of one character for each byte. */
  send(node: FetchNode, body: string): Promise<string>
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
        ? overWire(body, client.exchange({ body, repeatable, context }))
        : inProcess(
            body,
            withDeadline(clock, context.deadline, () => askObjects(client, body, { node, context })),
          )
      sent.set(node, one)
      return await one.text()
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
  text(): Promise<string>
  response(): Promise<SubgraphResponse>
}

function overWire(body: string, answer: Promise<string>): Sent {
  return sent(body, answer, {
    text: () => answer,
    response: async () => parseResponse(await answer),
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
    text: async () => Buffer.from(JSON.stringify(await answer)).toString('latin1'),
    response: () => answer,
  })
}

function sent(body: string, answer: Promise<unknown>, forms: Pick<Sent, 'text' | 'response'>): Sent {
  const one: Sent = { body, failed: false, ...forms }
  answer.catch(() => {
    one.failed = true
  })
  return one
}

const ANSWER_DEPTH = 128

function parseResponse(text: string): SubgraphResponse {
  const json = Buffer.from(text, 'latin1').toString()
  if (!checkJsonDepth(json, ANSWER_DEPTH).ok)
    throw new Fault('UPSTREAM_INVALID', `Expected JSON that nests at most ${ANSWER_DEPTH} deep.`)
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new Fault('UPSTREAM_INVALID', 'Expected JSON, got text that cannot be parsed as it.', { cause })
  }
}

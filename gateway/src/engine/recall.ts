import { Fault } from '@stoa/platform/fault'
import type { RequestContext, SubgraphResponse } from '@stoa/platform/subgraph'
import { readAnswer } from '../client/read-answer.ts'
import type { SubgraphClient } from '../options.ts'
import type { EntityFetchNode, RootFetchNode } from '../planner/plan.ts'
import type { EngineParts } from './engine.ts'
import type { Deadlines } from './with-deadline.ts'

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
  /** Hands variables to a subgraph in this process. */
  ask(node: FetchNode, variables: Variables): Promise<SubgraphResponse>
}

type Variables = Readonly<Record<string, unknown>>

export interface SubRequestParts extends Pick<EngineParts, 'clients'> {
  readonly deadlines: Deadlines
}

/** Sends sub-requests and remembers them. */
export function createSubRequests(
  parts: SubRequestParts,
  context: RequestContext,
  isMutation: boolean,
): SubRequests {
  const sending: Sending = { parts, context, isMutation, sent: new Map() }
  return {
    ask: (node, variables) => askObjects(sending, node, variables),
    send: (node, body) => sendBody(sending, node, body),
    response(node, body) {
      const one = sending.sent.get(node)
      if (!one || (node.kind === 'entities' && !one.failed && one.body() !== body())) return undefined
      return one.response()
    },
  }
}

interface Sending {
  readonly parts: SubRequestParts
  readonly context: RequestContext
  readonly isMutation: boolean
  readonly sent: Map<FetchNode, Sent>
}

interface Sent {
  /** One character for each byte. */
  body(): string
  failed: boolean
  response(): Promise<SubgraphResponse>
}

async function askObjects(
  { parts, context, sent }: Sending,
  node: FetchNode,
  variables: Variables,
): Promise<SubgraphResponse> {
  const { operation: query, operationName } = node
  const asked = { query, ...(operationName !== undefined && { operationName }), variables }
  const client = clientFor(parts, node)
  const response = parts.deadlines.within(context.deadline, () => client.execute({ ...asked, context }))
  const one: Sent = { body: () => latin1(JSON.stringify(asked)), failed: false, response: () => response }
  sent.set(node, one)
  return await watched(one, response)
}

async function sendBody(sending: Sending, node: FetchNode, body: string): Promise<Buffer> {
  const { parts, context, isMutation, sent } = sending
  const repeatable = !isMutation || node.kind === 'entities'
  const bytes = clientFor(parts, node).exchange?.({ body, repeatable, shareable: !isMutation, context })
  if (!bytes) return Buffer.from(JSON.stringify(await askObjects(sending, node, variablesIn(body))))
  const response = (): Promise<SubgraphResponse> =>
    bytes.then((answer) => readAnswer(node.subgraph, answer.toString()))
  const one: Sent = { body: () => body, failed: false, response }
  sent.set(node, one)
  return await watched(one, bytes)
}

function clientFor({ clients }: SubRequestParts, { subgraph }: FetchNode): SubgraphClient {
  const client = clients.get(subgraph)
  if (!client) throw new Fault('BAD_SCHEMA', `There is no client for the subgraph ${subgraph}.`)
  return client
}

async function watched<T>(one: Sent, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (reason) {
    one.failed = true
    throw reason
  }
}

/** What was meant for a wire, for a subgraph in this process. */
function variablesIn(body: string): Variables {
  return JSON.parse(Buffer.from(body, 'latin1').toString()).variables
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

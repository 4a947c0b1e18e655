import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { readAnswer } from '../client/read-answer.ts'
import type { RootFetchNode } from '../planner/plan.ts'
import type { Recall, SubRequests } from './recall.ts'

/** What a subscription's source told: the answer of the plan's first sub-request, which is not sent. */
export interface SourceEvent {
  readonly node: RootFetchNode
  /** A GraphQL response as JSON in UTF-8. */
  readonly bytes: Buffer
}

/** The event's answer, and nothing that was sent. */
export function recallEvent(event: SourceEvent): Recall {
  return { response: (node) => (node === event.node ? responseOf(event) : undefined) }
}

/** Sends what follows from an event. */
export function afterEvent(event: SourceEvent, subRequests: SubRequests): SubRequests {
  return {
    send: (node, body) => (node === event.node ? Promise.resolve(event.bytes) : subRequests.send(node, body)),
    ask: (node, variables) => (node === event.node ? responseOf(event) : subRequests.ask(node, variables)),
    response: (node, body) => (node === event.node ? responseOf(event) : subRequests.response(node, body)),
  }
}

function responseOf({ node, bytes }: SourceEvent): Promise<SubgraphResponse> {
  return Promise.try(() => readAnswer(node.subgraph, bytes.toString()))
}

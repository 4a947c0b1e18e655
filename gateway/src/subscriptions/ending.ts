import { type Fault, type FaultCode, toFault } from '@stoa/platform/fault'
import type { GatewayErrorCode } from '../error-codes.ts'
import { type GraphError, graphError } from '../refusal.ts'

/** How a stream ends: its source had nothing more to tell, or an error says why there will be no more. */
export type Ending = { readonly errors: readonly GraphError[] | undefined }

export const COMPLETED: Ending = { errors: undefined }

export const TOO_SLOW: Ending = failed(
  'SUBSCRIBER_TOO_SLOW',
  'Events came faster than they were read, and no more of them are kept. Read faster, or subscribe to less.',
)
export const GRAPH_CHANGED: Ending = failed(
  'GRAPH_CHANGED',
  'The graph was exchanged for another one. Subscribe again.',
)
export const CLOSING: Ending = failed(
  'GATEWAY_CLOSING',
  'This gateway is stopping. Connect and subscribe again.',
)

/** A bug. Over a WebSocket no header says the correlation id. */
export function internal(correlationId: string): readonly GraphError[] {
  const message = 'Something went wrong in the gateway. Report the correlation id.'
  return [graphError('GATEWAY_FAILED', message, { correlationId })]
}

/** A source that broke. What exactly happened is for the log: it may tell of hosts. */
export function brokenBy(reason: unknown, correlationId: string): Ending & { readonly fault: Fault } {
  const fault = toFault(reason)
  const [code, what] = FROM_FAULT[fault.code] ?? OTHERWISE
  return {
    errors: [graphError(code, `The service behind this subscription ${what}`, { correlationId })],
    fault,
  }
}

const OTHERWISE = ['SUBGRAPH_FAILED', 'failed. Subscribe again later.'] as const

const FROM_FAULT: Readonly<Partial<Record<FaultCode, readonly [GatewayErrorCode, string]>>> = {
  DEADLINE_EXCEEDED: ['SUBGRAPH_TIMEOUT', 'did not answer in time. Subscribe again later.'],
  OVERLOADED: ['SUBGRAPH_UNAVAILABLE', 'takes no more of them now. Subscribe again later.'],
  UPSTREAM_INVALID: ['SUBGRAPH_INVALID', 'told something that cannot be used. Subscribe again later.'],
  UPSTREAM_UNAVAILABLE: ['SUBGRAPH_UNAVAILABLE', 'is out of reach. Subscribe again later.'],
}

function failed(code: GatewayErrorCode, message: string): Ending {
  return { errors: [graphError(code, message)] }
}

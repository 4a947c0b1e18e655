import { Fault } from '@stoa/platform/fault'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { Address } from './address.ts'

/** Makes the whole text of a request, one character for each byte. What never changes is put together once. */
export type WriteRequest = (body: string, context: RequestContext, token: string | undefined) => string

export function createRequestWriter({ path, authority }: Address): WriteRequest {
  const constant =
    `POST ${path} HTTP/1.1\r\nhost: ${authority}\r\nconnection: keep-alive\r\n` +
    'accept: application/graphql-response+json, application/json;q=0.9\r\n' +
    'content-type: application/json\r\ncontent-length: '
  return (body, { correlationId, traceparent }, token) => {
    const trace = traceparent === undefined ? '' : `traceparent: ${fieldValue(traceparent)}\r\n`
    const signed = token === undefined ? '' : `stoa-context: ${fieldValue(token)}\r\n`
    return `${constant}${body.length}\r\nx-correlation-id: ${fieldValue(correlationId)}\r\n${trace}${signed}\r\n${body}`
  }
}

/** A line break in a value would begin a field, or a request, that nobody meant. */
function fieldValue(value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value
  throw new Fault(
    'BAD_REQUEST',
    'Expected correlation id and traceparent of visible ASCII characters. Send others, or none.',
  )
}

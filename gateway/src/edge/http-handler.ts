import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import { ok, type Result } from '@stoa/platform/result'
import { CHALLENGE, payloadOf, type Reply } from '../answer-response.ts'
import type { Limits } from '../limits.ts'
import type { Credentials } from '../options.ts'
import type { PipelineRequest } from '../pipeline.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { refusedReply } from '../refused-response.ts'
import type { EventStream } from '../subscriptions/streams.ts'
import { readAccept, refuseAccept } from './accept.ts'
import { type Decoded, type DecodeParts, decodeRequest } from './decode-request.ts'
import { sendEvents, sendSingleEvent } from './event-stream.ts'
import type { AnswerType } from './media-type.ts'
import { hasLater, sendParts } from './multipart.ts'

export interface HttpParts extends DecodeParts {
  respond(request: PipelineRequest): Promise<Reply>
  /** The same for those who take an answer in parts. */
  openStream(request: PipelineRequest): Promise<Reply | EventStream>
  readonly limits: Limits
  readonly log: Log
  readonly clock: Clock
  /** Where a request comes from; absent when nobody asks. */
  readonly addressOf: ((request: IncomingMessage) => string | undefined) | undefined
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** GraphQL over HTTP on node:http. Whatever happens becomes an answer; it never rejects. */
export async function handleHttp(parts: HttpParts, exchange: Exchange): Promise<void> {
  const { request } = exchange
  const { accept } = request.headers
  const { type, events, parts: inParts } = readAccept(accept)
  try {
    if (events) return await answerInParts(parts, exchange, type)
    if (!type && !inParts) return send(exchange, 'application/json', refusedReply(refuseAccept(accept).error))
    const decoded = await decode(request, parts)
    const reply = decoded.ok ? await parts.respond(decoded.value) : refusedReply(decoded.error)
    const isOnlyParts = !type && reply.status === 200
    if (isOnlyParts || hasLater(reply.answer)) await sendParts(parts, exchange.response, reply)
    else send(exchange, type ?? 'application/json', reply)
  } catch (reason) {
    // Only a connection that broke while its body was read ends here.
    parts.log.debug({ err: reason }, 'request ended early')
    exchange.response.destroy()
  }
}

/** A subscription, or whatever else is asked for; what is wrong before that is said as JSON, with its status. */
async function answerInParts(
  parts: HttpParts,
  exchange: Exchange,
  type: AnswerType | undefined,
): Promise<void> {
  const decoded = await decode(exchange.request, parts)
  const reply = decoded.ok ? await parts.openStream(decoded.value) : refusedReply(decoded.error)
  if ('items' in reply) return await sendEvents(parts, exchange.response, reply)
  if (hasLater(reply.answer)) return await sendParts(parts, exchange.response, reply)
  if (!type && reply.legacyStatus === 200) return sendSingleEvent(exchange.response, reply)
  send(exchange, type ?? 'application/json', reply)
}

async function decode(request: IncomingMessage, parts: HttpParts): Promise<Result<PipelineRequest, Refusal>> {
  const credentials = readCredentials(request)
  if (!credentials.ok) return credentials
  const decoded = await decodeRequest(request, parts)
  if (!decoded.ok) return decoded
  const asked = withHeaders(decoded.value, request, credentials.value)
  return ok(parts.addressOf ? { ...asked, address: parts.addressOf(request) } : asked)
}

function withHeaders(
  { asked, raw, ready }: Decoded,
  { headers }: IncomingMessage,
  credentials: Credentials,
): PipelineRequest {
  return {
    query: asked.query,
    documentId: asked.documentId,
    operationName: asked.operationName,
    variables: asked.variables,
    mayMutate: asked.mayMutate,
    credentials,
    mayDefer: readAccept(headers.accept).parts,
    includePlan: headers['x-include-query-plan'] === '1',
    idempotencyKey: textOf(headers['idempotency-key']),
    correlationId: textOf(headers['x-correlation-id']),
    traceparent: textOf(headers['traceparent']),
    raw,
    ready,
  }
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Node keeps the first of two Authorization headers; another hop may have looked at the second. */
function readCredentials({ rawHeaders, headers }: IncomingMessage): Result<Credentials, Refusal> {
  const { authorization } = headers
  const apiKey = textOf(headers['x-api-key'])
  if (authorization === undefined && apiKey === undefined) return NO_CREDENTIALS
  for (const name of ['authorization', 'x-api-key'])
    if (rawHeaders.filter((raw, i) => i % 2 === 0 && raw.toLowerCase() === name).length > 1)
      return refuse('CREDENTIALS_AMBIGUOUS', `Expected the header "${name}" once, got it more often.`)
  return ok({
    ...(authorization !== undefined && { authorization }),
    ...(apiKey !== undefined && { apiKey }),
  })
}

const NO_CREDENTIALS: Result<Credentials, Refusal> = ok({})

function send({ request, response }: Exchange, type: AnswerType, reply: Reply): void {
  const status = type === 'application/json' ? reply.legacyStatus : reply.status
  const json = payloadOf(reply.answer)
  // Names and values in turn: what node:http writes without making an object of them first.
  const head = ['content-type', CONTENT_TYPES[type], 'content-length', `${json.length}`, ...ALWAYS]
  if (reply.retryAfterS !== undefined) head.push('retry-after', `${reply.retryAfterS}`)
  if (reply.correlationId !== undefined) head.push('x-correlation-id', reply.correlationId)
  if (status === 401) head.push(...Object.entries(CHALLENGE).flat())
  if (status === 405) head.push('allow', 'GET, POST')
  // What is left of a body that was not read would be taken for the next request.
  if (!request.complete) head.push('connection', 'close')
  response.writeHead(status, head)
  response.end(json, 'latin1')
}

const ALWAYS = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff'] as const

const CONTENT_TYPES: Readonly<Record<AnswerType, string>> = {
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
  'application/json': 'application/json; charset=utf-8',
}

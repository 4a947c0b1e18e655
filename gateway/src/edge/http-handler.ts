import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@stoa/platform/log'
import { ok, type Result } from '@stoa/platform/result'
import type { Limits } from '../limits.ts'
import type { Credentials, GatewayRequest, GatewayResponse } from '../options.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { refusedResponse } from '../refused-response.ts'
import { decodeRequest } from './decode-request.ts'
import { type AnswerType, chooseAnswerType } from './media-type.ts'

export interface HttpParts {
  execute(request: GatewayRequest): Promise<GatewayResponse>
  readonly limits: Limits
  readonly log: Log
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** GraphQL over HTTP on node:http. Whatever happens becomes an answer; it never rejects. */
export async function handleHttp(parts: HttpParts, exchange: Exchange): Promise<void> {
  const { request } = exchange
  const type = chooseAnswerType(request.headers.accept)
  try {
    if (!type) return send(exchange, 'application/json', refusedResponse(NOT_ACCEPTABLE.error))
    const decoded = await decode(request, parts.limits)
    const answer = decoded.ok ? await parts.execute(decoded.value) : refusedResponse(decoded.error)
    send(exchange, type, answer)
  } catch (reason) {
    // Only a connection that broke while its body was read ends here.
    parts.log.debug({ err: reason }, 'request ended early')
    exchange.response.destroy()
  }
}

const NOT_ACCEPTABLE = refuse(
  'NOT_ACCEPTABLE',
  'Expected an Accept header that allows application/graphql-response+json or application/json.',
)

async function decode(request: IncomingMessage, limits: Limits): Promise<Result<GatewayRequest, Refusal>> {
  const credentials = readCredentials(request)
  if (!credentials.ok) return credentials
  const asked = await decodeRequest(request, limits)
  if (!asked.ok) return asked
  const { headers } = request
  return ok({
    ...asked.value,
    credentials: credentials.value,
    includePlan: headers['x-include-query-plan'] === '1',
    ...named('idempotencyKey', headers['idempotency-key']),
    ...named('correlationId', headers['x-correlation-id']),
    ...named('traceparent', headers['traceparent']),
  })
}

function named(
  name: string,
  value: string | readonly string[] | undefined,
): Readonly<Record<string, string>> {
  return typeof value === 'string' ? { [name]: value } : {}
}

/** Node keeps the first of two Authorization headers; another hop may have looked at the second. */
function readCredentials({ rawHeaders, headers }: IncomingMessage): Result<Credentials, Refusal> {
  for (const name of ['authorization', 'x-api-key'])
    if (rawHeaders.filter((raw, i) => i % 2 === 0 && raw.toLowerCase() === name).length > 1)
      return refuse('CREDENTIALS_AMBIGUOUS', `Expected the header "${name}" once, got it more often.`)
  return ok({ ...named('authorization', headers.authorization), ...named('apiKey', headers['x-api-key']) })
}

function send({ request, response }: Exchange, type: AnswerType, answer: GatewayResponse): void {
  const status = type === 'application/json' ? answer.legacyStatus : answer.status
  const { json } = answer
  // What is left of a body that was not read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status, {
    ...answer.headers,
    ...(status === 405 && { allow: 'GET, POST' }),
    'cache-control': 'no-store',
    'content-length': json.length,
    'content-type': `${type}; charset=utf-8`,
    'x-content-type-options': 'nosniff',
  })
  response.end(json, 'latin1')
}

import { type Clock, systemClock } from '@stoa/platform/clock'
import { Fault, toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'
import { readAtMost } from '@stoa/platform/read-at-most'
import type { SubgraphRequest, SubgraphResponse } from '@stoa/platform/subgraph'
import type { Pool } from 'undici'
import { checkJsonDepth } from './guards/guard-json.ts'
import type { SubgraphClient } from './options.ts'
import { createRetryBudget } from './retry-budget.ts'

export interface HttpSubgraphOptions {
  readonly name: string
  /** Where it answers GraphQL: `http://127.0.0.1:4101/graphql`. */
  readonly url: string
  /** Shared with the subgraph, for the context token. Absent: a subgraph that takes no context. */
  readonly secret?: string
  readonly log: Log
  readonly clock?: Clock
  /** Sockets kept to it. Default 32. */
  readonly connections?: number
  /** Bytes of one answer. Default 16 MiB. */
  readonly answerBytes?: number
}

export interface HttpSubgraphClient extends SubgraphClient, AsyncDisposable {}

interface Wire {
  readonly options: HttpSubgraphOptions
  readonly clock: Clock
  readonly pool: Pool
  readonly path: string
}

const ANSWER_DEPTH = 128

/**
 * A subgraph over keep-alive connections. Its headers are made here and never copied from a client; its answer is
 * foreign input: bounded in size, depth, time and type.
 */
export function createHttpSubgraphClient(options: HttpSubgraphOptions): HttpSubgraphClient {
  const { clock = systemClock, name, log } = options
  const url = new URL(options.url)
  const path = `${url.pathname}${url.search}`
  const budget = createRetryBudget()
  let pool: Promise<Pool> | undefined
  return {
    async execute(request) {
      // Loaded with the first call: nobody waits for the HTTP client at start.
      pool ??= openPool(url.origin, options.connections ?? 32)
      const wire: Wire = { options, clock, pool: await pool, path }
      try {
        return await send(wire, request)
      } catch (reason) {
        if (!isRetryable(request, reason) || !budget.take()) throw faultOf(name, reason)
        log.debug({ subgraph: name }, 'connection broke; asking once more')
        return await send(wire, request).catch((again: unknown) => {
          throw faultOf(name, again)
        })
      } finally {
        budget.earn()
      }
    },
    async [Symbol.asyncDispose]() {
      await (await pool)?.destroy()
    },
  }
}

async function openPool(origin: string, connections: number): Promise<Pool> {
  const undici = await import('undici')
  return new undici.Pool(origin, { connections, keepAliveTimeout: 30_000, connectTimeout: 3_000 })
}

async function send(wire: Wire, request: SubgraphRequest): Promise<SubgraphResponse> {
  const { options, pool, path, clock } = wire
  const { query, operationName, variables, context } = request
  const left = context.deadline - clock.now()
  if (left <= 0) throw new Fault('DEADLINE_EXCEEDED', `No time was left to ask ${options.name}.`)
  const body = JSON.stringify({ query, operationName, variables })
  const answer = await pool.request({
    method: 'POST',
    path,
    headers: await headersFor(options, request, body),
    body,
    signal: AbortSignal.timeout(Math.ceil(left)),
  })
  const text = await readText(answer.body, options)
  return readAnswer({
    name: options.name,
    status: answer.statusCode,
    type: answer.headers['content-type'],
    text,
  })
}

async function headersFor(
  { name, secret, clock }: HttpSubgraphOptions,
  { context }: SubgraphRequest,
  body: string,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
    'x-correlation-id': context.correlationId,
    ...(context.traceparent !== undefined && { traceparent: context.traceparent }),
  }
  if (secret === undefined) return headers
  const { bodySha256, CONTEXT_HEADER, signContext } = await import('@stoa/platform/context-token')
  const binding = { secret, audience: name, bodySha256: bodySha256(body), ...(clock && { clock }) }
  return { ...headers, [CONTEXT_HEADER]: await signContext(context, binding) }
}

async function readText(
  body: AsyncIterable<Buffer>,
  { name, answerBytes = 16_777_216 }: HttpSubgraphOptions,
): Promise<string> {
  const bytes = await readAtMost(body, answerBytes)
  if (bytes) return bytes.toString('utf8')
  throw new Fault('UPSTREAM_INVALID', `${name} answered with more than ${answerBytes} bytes.`)
}

interface RawAnswer {
  readonly name: string
  readonly status: number
  readonly type: string | readonly string[] | undefined
  readonly text: string
}

/** A GraphQL answer may come with any status, but it must be JSON and have data or errors. */
function readAnswer({ name, status, type, text }: RawAnswer): SubgraphResponse {
  const isJson = typeof type === 'string' && /^application\/(graphql-response\+)?json\b/i.test(type)
  if (status >= 500 && !isJson)
    throw new Fault('UPSTREAM_UNAVAILABLE', `${name} answered with status ${status}.`)
  if (status === 401 || status === 403)
    throw new Fault(
      'UPSTREAM_INVALID',
      `${name} refused the gateway with ${status}. Check that both share one secret.`,
    )
  if (!isJson)
    throw new Fault('UPSTREAM_INVALID', `${name} answered ${status} with ${String(type)}, expected JSON.`)
  if (!checkJsonDepth(text, ANSWER_DEPTH).ok)
    throw new Fault('UPSTREAM_INVALID', `${name} answered with JSON that nests deeper than ${ANSWER_DEPTH}.`)
  const answer = parse(name, text)
  if (typeof answer !== 'object' || answer === null || !('data' in answer || 'errors' in answer))
    throw new Fault('UPSTREAM_INVALID', `${name} answered ${status} with neither data nor errors.`)
  // The engine looks at every part of it before use: this is only a claim about its outside.
  return answer as SubgraphResponse
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('UPSTREAM_INVALID', `${name} answered with text that is not JSON.`, { cause })
  }
}

/** A broken connection may have carried the request or not, so only what changes nothing is sent again. */
function isRetryable({ query }: SubgraphRequest, reason: unknown): boolean {
  return !query.trimStart().startsWith('mutation') && BROKEN.has(codeOf(reason))
}

const BROKEN: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

function faultOf(name: string, reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  if (isTimeout(reason))
    return new Fault('DEADLINE_EXCEEDED', `${name} did not answer in time.`, { cause: reason })
  if (BROKEN.has(codeOf(reason)) || codeOf(reason).startsWith('UND_ERR'))
    return new Fault('UPSTREAM_UNAVAILABLE', `${name} cannot be reached.`, { cause: reason })
  return toFault(reason)
}

function isTimeout(reason: unknown): boolean {
  const isNamed = typeof reason === 'object' && reason !== null && 'name' in reason
  return (isNamed && reason.name === 'TimeoutError') || codeOf(reason).endsWith('_TIMEOUT')
}

function codeOf(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : ''
}

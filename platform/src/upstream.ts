import { bulkhead, isBulkheadRejectedError, isTaskCancelledError } from 'cockatiel'
import type { Pool } from 'undici'
import { z } from 'zod'
import { createBreaker } from './breaker.ts'
import { type Clock, systemClock } from './clock.ts'
import { Fault } from './fault.ts'
import type { JsonObject } from './json.ts'
import type { Log } from './log.ts'
import { readAtMost } from './read-at-most.ts'

export interface UpstreamOptions {
  /** `payment`: how logs and messages call it. Its host name appears in neither. */
  readonly name: string
  readonly url: string
  readonly log: Log
  /** For one try, milliseconds. Default 5,000. */
  readonly timeoutMs?: number
  /** Only the breaker reads it; deadlines on a real wire pass in real time. */
  readonly clock?: Clock
}

/** Somebody else's HTTP service: a pool of connections, deadlines, a breaker, a bulkhead, and answers that are parsed. */
export interface Upstream extends AsyncDisposable {
  call<T>(request: UpstreamRequest<T>): Promise<UpstreamAnswer<T>>
}

export interface UpstreamRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  /** Statuses that are an answer; any other is a fault. */
  readonly accept: readonly number[]
  readonly answer: z.ZodType<T>
  /** Whether the vendor recognises a repeat, so that a broken connection may be tried once more. */
  readonly repeatable: boolean
  readonly signal: AbortSignal
}

export interface UpstreamAnswer<T> {
  readonly status: number
  readonly body: T
}

const CONNECTIONS = 16
const WAITING = 256
const LONGEST_ANSWER = 1_048_576

export function openUpstream(options: UpstreamOptions): Upstream {
  const { name, log, timeoutMs = 5_000, clock = systemClock } = options
  const base = new URL(options.url)
  let opening: Promise<Pool> | undefined
  const breaker = createBreaker({ clock, name })
  const lanes = bulkhead(CONNECTIONS, WAITING)

  async function send(request: UpstreamRequest<unknown>): Promise<UpstreamAnswer<unknown>> {
    opening ??= openPool(base.origin, timeoutMs)
    const pool = await opening
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)])
    const answer = await pool.request({
      method: request.method,
      path: base.pathname.replace(/\/$/, '') + request.path,
      headers: { 'content-type': 'application/json', ...request.headers },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
    })
    return { status: answer.statusCode, body: await readBody(name, answer.body) }
  }

  async function sendAgain(request: UpstreamRequest<unknown>): Promise<UpstreamAnswer<unknown>> {
    try {
      return await send(request)
    } catch (reason) {
      if (!request.repeatable || !isBrokenConnection(reason)) throw reason
      log.debug({ upstream: name, path: request.path }, 'connection broke; trying once more')
      return await send(request)
    }
  }

  return {
    async call(request) {
      const work = (): Promise<UpstreamAnswer<unknown>> =>
        lanes.execute(() => sendAgain(request), request.signal)
      const answer = await breaker.run(() => accepted(name, request, work))
      const parsed = request.answer.safeParse(answer.body)
      if (parsed.success) return { status: answer.status, body: parsed.data }
      throw new Fault(
        'UPSTREAM_INVALID',
        `${name} answered ${answer.status} with a body we cannot read: ${z.prettifyError(parsed.error)}`,
      )
    },
    [Symbol.asyncDispose]: async () => (await opening)?.destroy(),
  }
}

/** Loaded with the first call: the client costs 100 ms of start-up that nobody waits for here. */
async function openPool(origin: string, timeoutMs: number): Promise<Pool> {
  const undici = await import('undici')
  return new undici.Pool(origin, {
    connections: CONNECTIONS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
}

async function accepted(
  name: string,
  request: UpstreamRequest<unknown>,
  work: () => Promise<UpstreamAnswer<unknown>>,
): Promise<UpstreamAnswer<unknown>> {
  const answer = await work().catch((reason: unknown) => {
    throw callFault(name, reason)
  })
  if (request.accept.includes(answer.status)) return answer
  throw statusFault(name, request, answer.status)
}

function callFault(name: string, reason: unknown): Fault {
  if (reason instanceof Fault) return reason
  if (isBulkheadRejectedError(reason)) {
    return new Fault('OVERLOADED', `Too many calls wait for ${name}. Try again later.`, { cause: reason })
  }
  if (isDeadline(reason)) {
    return new Fault('DEADLINE_EXCEEDED', `${name} did not answer in time. Try again later.`, {
      cause: reason,
    })
  }
  return new Fault('UPSTREAM_UNAVAILABLE', `${name} cannot be reached. Try again later.`, { cause: reason })
}

function statusFault(name: string, request: UpstreamRequest<unknown>, status: number): Fault {
  const said = `${name} answered ${status} to ${request.method} ${request.path}, expected ${request.accept.join(' or ')}.`
  const transient = status >= 500 || status === 429 || status === 408
  return transient ? new Fault('UPSTREAM_UNAVAILABLE', said) : new Fault('UPSTREAM_INVALID', said)
}

async function readBody(name: string, body: AsyncIterable<Buffer>): Promise<unknown> {
  const bytes = await readAtMost(body, LONGEST_ANSWER)
  if (!bytes) throw new Fault('UPSTREAM_INVALID', `${name} answered with more than ${LONGEST_ANSWER} bytes.`)
  const text = bytes.toString('utf8')
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    // The status may still say enough; the parser of the answer refuses text where it expects an object.
    return text
  }
}

function isBrokenConnection(reason: unknown): boolean {
  const code = codeOf(reason)
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'ECONNREFUSED' || code === 'EPIPE'
}

function isDeadline(reason: unknown): boolean {
  if (isTaskCancelledError(reason)) return true
  const name = fieldOf(reason, 'name')
  return name === 'TimeoutError' || name === 'AbortError' || codeOf(reason).endsWith('_TIMEOUT')
}

function codeOf(reason: unknown): string {
  return fieldOf(reason, 'code')
}

/** By field, not by class: abort reasons are DOMExceptions, or whatever the caller gave. */
function fieldOf(reason: unknown, field: 'name' | 'code'): string {
  if (typeof reason !== 'object' || reason === null || !(field in reason)) return ''
  return String(Reflect.get(reason, field))
}

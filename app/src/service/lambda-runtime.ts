import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { Fault, toFault } from '@stoa/platform/fault'

/** One call of the function. */
export interface Invocation {
  readonly id: string
  /** When Lambda ends us, epoch milliseconds. */
  readonly deadline: number
  /** W3C, made of X-Ray's header; absent where there is none. */
  readonly traceparent?: string
}

export interface LambdaRuntimeOptions {
  /** Host and port, as `AWS_LAMBDA_RUNTIME_API` has it. */
  readonly api: string
  /** What it answers is the answer of the function, what it throws its error. What called it is of no interest here. */
  readonly handle: (invocation: Invocation) => Promise<object>
  /** Ends the wait for the next invocation, never one under way. */
  readonly signal: AbortSignal
}

/**
 * Answers invocations, one at a time, until it is told to stop: the runtime API of AWS Lambda, version 2018-06-01.
 * Between two invocations the process is frozen, so nothing may be under way then. Throws UPSTREAM_UNAVAILABLE when
 * the API is not there.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function serveInvocations({ api, handle, signal }: LambdaRuntimeOptions): Promise<void> {
  while (!signal.aborted) {
    const invocation = await nextInvocation(api, signal)
    if (!invocation) return
    const path = `/runtime/invocation/${invocation.id}`
    try {
      const answer = await handle(invocation)
      await post(api, `${path}/response`, answer)
    } catch (reason) {
      await post(api, `${path}/error`, describe(reason), reason)
    }
  }
}

/** Tells Lambda that this environment cannot be used, before any invocation. */
export async function refuseInvocations(api: string, reason: unknown): Promise<void> {
  await post(api, '/runtime/init/error', describe(reason), reason)
}

/** Lambda may freeze us for hours while we ask: no time-out. Undefined when we are told to stop. */
async function nextInvocation(api: string, signal: AbortSignal): Promise<Invocation | undefined> {
  try {
    const { status, headers } = await call(api, '/runtime/invocation/next', { method: 'GET', signal })
    if (status !== 200) throw unexpected(`GET next answered ${status}`)
    return toInvocation(headers)
  } catch (reason) {
    if (signal.aborted) return undefined
    throw reason
  }
}

function toInvocation(headers: IncomingHttpHeaders): Invocation {
  const id = headers['lambda-runtime-aws-request-id']
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  if (typeof id !== 'string' || !Number.isSafeInteger(deadline))
    throw unexpected('an invocation came without its id or its deadline')
  const traceparent = traceparentOf(headers['lambda-runtime-trace-id'])
  return { id, deadline, ...(traceparent === undefined ? {} : { traceparent }) }
}

/** `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1` is the same in other words. */
function traceparentOf(header: string | readonly string[] | undefined): string | undefined {
  const match = /Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16})(?:;Sampled=([01]))?/.exec(
    String(header),
  )
  if (!match) return undefined
  const [, seconds, rest, parent, sampled = '0'] = match
  return `00-${seconds}${rest}-${parent}-0${sampled}`
}

interface LambdaError {
  readonly errorType: string
  readonly errorMessage: string
  readonly stackTrace: readonly string[]
}

/** Whoever called sees the code; where it happened is in the log. */
function describe(reason: unknown): LambdaError {
  const { code, message } = toFault(reason)
  return { errorType: code, errorMessage: message, stackTrace: [] }
}

async function post(api: string, path: string, body: object, failed?: unknown): Promise<void> {
  const type = failed === undefined ? {} : { 'lambda-runtime-function-error-type': toFault(failed).code }
  const headers = { 'content-type': 'application/json', ...type }
  const { status } = await call(api, path, { method: 'POST', headers }, JSON.stringify(body))
  if (status !== 202) throw unexpected(`POST ${path.replace(/^.*\//, '')} answered ${status}`)
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

async function call(api: string, path: string, options: RequestOptions, body?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  // A connection kept over a freeze may be dead when we are thawed; this one costs nothing.
  const asked = request(`http://${api}/2018-06-01${path}`, { ...options, agent: false })
  asked.on('error', reject)
  asked.on('response', (response) => {
    const { statusCode: status = 0, headers } = response
    // What caused the invocation is read and dropped: it only means that there is something to do.
    text(response).then(() => resolve({ status, headers }), reject)
  })
  asked.end(body)
  return await promise
}

function unexpected(what: string): Fault {
  return new Fault(
    'UPSTREAM_INVALID',
    `Lambda's runtime API is not as documented: ${what}. Report it with the log.`,
  )
}

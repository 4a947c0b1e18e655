import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from './clock.ts'
import { bodySha256, CONTEXT_HEADER, verifyContext } from './context-token.ts'
import { Fault, toFault } from './fault.ts'
import type { Log } from './log.ts'
import { readRequestAtMost } from './read-at-most.ts'
import type { RequestContext, Subgraph, SubgraphRequest, SubgraphResponse } from './subgraph.ts'
import { leaving, sendEvents, wantsEvents } from './subgraph-events.ts'

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Shared with the gateway; whoever does not know it is refused. */
  readonly secret: string
  readonly log: Log
  /** Only the machine itself, unless told otherwise. */
  readonly host?: string
  readonly clock?: Clock
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number
}

export interface SubgraphListener extends AsyncDisposable {
  /** Without a path: add `/graphql`. */
  readonly url: string
  readonly port: number
}

interface Serving extends ListenOptions {
  readonly subgraph: Subgraph
  readonly clock: Clock
  /** Answers in parts, which never end by themselves. */
  readonly streams: Set<ServerResponse>
}

const MAX_BODY = 1024 * 1024

/** A caller that dribbles its bytes is let go. */
const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 60_000 }

/**
 * Serves a subgraph to the gateway: POST /graphql with the gateway's signed context, GET /livez, GET /readyz.
 * Closing it lets requests under way finish, and breaks subscriptions off.
 */
export async function listenSubgraph(subgraph: Subgraph, options: ListenOptions): Promise<SubgraphListener> {
  const serving: Serving = { clock: systemClock, ...options, subgraph, streams: new Set() }
  const server = createServer(TIMEOUTS, (request, response) => void handle(serving, request, response))
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, options.port, host)
  return { url: `http://${host}:${port}`, port, [Symbol.asyncDispose]: () => close(server, serving) }
}

/** Never rejects: whatever happens becomes an answer. */
async function handle(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const told = await answer(serving, request)
    if (told === 'in parts') await tellEvents(serving, request, response)
    else send(response, ...told)
  } catch (reason) {
    const fault = toFault(reason)
    const status = STATUS[fault.code] ?? 500
    if (status === 500) serving.log.error({ err: reason }, 'A request failed')
    // What is left of a body that was not read would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close')
    const message = status === 500 ? 'Something went wrong on our side.' : fault.message
    send(response, status, { errors: [{ message, extensions: { code: fault.code } }] })
  }
}

type Answer = readonly [status: number, body: object]

async function answer(serving: Serving, request: IncomingMessage): Promise<Answer | 'in parts'> {
  const call = `${request.method} ${request.url}`
  if (call === 'POST /graphql')
    return wantsEvents(request) ? 'in parts' : [200, await answerGraphql(serving, request)]
  if (call === 'GET /livez' || call === 'GET /readyz')
    return [200, { status: 'ok', name: serving.subgraph.name }]
  throw new Fault('NOT_FOUND', 'Expected POST /graphql, GET /livez or GET /readyz.')
}

async function answerGraphql(serving: Serving, request: IncomingMessage): Promise<SubgraphResponse> {
  const { subgraph, clock } = serving
  const asked = await readAsked(serving, request)
  return await withDeadline(clock, asked.context, subgraph.execute(asked))
}

/** Whatever goes wrong before the first event is an answer with a status; later on the stream breaks off. */
async function tellEvents(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { subgraph, clock, streams } = serving
  if (!subgraph.subscribe) throw new Fault('NOT_FOUND', `${subgraph.name} has no subscriptions.`)
  const asked = await readAsked(serving, request)
  const left = leaving(response)
  const events = await withDeadline(clock, asked.context, subgraph.subscribe(asked, left))
  streams.add(response)
  await sendEvents(response, events, serving)
  streams.delete(response)
}

async function readAsked(serving: Serving, request: IncomingMessage): Promise<SubgraphRequest> {
  const { subgraph, secret, clock } = serving
  const body = await readWhole(request, serving.maxBodyBytes ?? MAX_BODY)
  const token = request.headers[CONTEXT_HEADER]
  const context = await verifyContext(typeof token === 'string' ? token : undefined, {
    secret,
    clock,
    audience: subgraph.name,
    bodySha256: bodySha256(body),
  })
  const operation = parseOperation(body)
  if (context.deadline <= clock.now()) throw tooLate()
  return { ...operation, context }
}

async function readWhole(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = await readRequestAtMost(request, maxBytes)
  if (body) return body
  throw new Fault('BAD_REQUEST', `Expected a body of at most ${maxBytes} bytes.`)
}

/** Nobody waits longer than the gateway does; what was begun still finishes, unheard. */
function withDeadline<T>(clock: Clock, context: RequestContext, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<T>()
  const timer = clock.schedule(context.deadline, () => late.reject(tooLate()))
  return Promise.race([work, late.promise]).finally(() => timer.cancel())
}

function tooLate(): Fault {
  return new Fault('DEADLINE_EXCEEDED', 'The request took longer than its deadline allows.')
}

function parseOperation(body: Buffer): Omit<SubgraphRequest, 'context'> {
  const parsed = parseJson(body)
  const { query, operationName, variables } = parsed
  if (typeof query !== 'string' || query === '') throw badBody('"query" to be a GraphQL document')
  return {
    query,
    ...(typeof operationName === 'string' && { operationName }),
    ...(isRecord(variables) && { variables }),
  }
}

function parseJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    if (isRecord(parsed)) return parsed
  } catch (cause) {
    throw badBody('valid JSON', cause)
  }
  throw badBody('a JSON object')
}

function badBody(expected: string, cause?: unknown): Fault {
  return new Fault('BAD_REQUEST', `Expected ${expected}: send {"query": "…", "variables": {…}}.`, { cause })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const STATUS: Readonly<Partial<Record<Fault['code'], number>>> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  OVERLOADED: 503,
  DEADLINE_EXCEEDED: 504,
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // A server that listens on a host and port has an address of this kind.
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function close(server: Server, { streams }: Serving): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const response of streams) response.destroy()
    server.closeIdleConnections()
  })
}

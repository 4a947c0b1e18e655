import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { toFault } from '@stoa/platform/fault'
import type { Log } from '@stoa/platform/log'

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>

/** `GET /images/*` ends in a star: everything below. A method of `*` takes all. */
export type Routes = Readonly<Record<string, Handler>>

/** A web server from a table of routes; a handler that throws answers 500 with a code and no inner detail. */
export function createWebServer(routes: Routes, log: Log): Server {
  const table = Object.entries(routes).map(([route, handler]) => compileRoute(route, handler))
  return createServer((request, response) => {
    const url = parseUrl(request)
    if (!url)
      return sendProblem(response, 400, {
        code: 'BAD_REQUEST',
        message: 'The address of this request cannot be read.',
      })
    const below = table.filter((route) => route.matchesPath(url.pathname))
    const route = below.find((candidate) => candidate.matchesMethod(request.method ?? 'GET'))
    if (!route)
      return sendMiss(
        response,
        url,
        below.map((candidate) => candidate.method),
      )
    Promise.try(route.handler, request, response, url).catch((reason: unknown) => fail(response, reason, log))
  })
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(`${JSON.stringify(body)}\n`)
}

export interface Problem {
  readonly code: string
  readonly message: string
}

/** Whatever is refused at the edge is told in one shape, that of the graph: whoever asks has one way to read errors. */
export function sendProblem(response: ServerResponse, status: number, { code, message }: Problem): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] })
}

interface CompiledRoute {
  readonly method: string
  readonly handler: Handler
  readonly matchesPath: (path: string) => boolean
  readonly matchesMethod: (method: string) => boolean
}

function compileRoute(route: string, handler: Handler): CompiledRoute {
  const [method = '*', path = '/'] = route.split(' ')
  const below = path.endsWith('*') ? path.slice(0, -1) : undefined
  return {
    method,
    handler,
    matchesPath: (candidate) => (below === undefined ? candidate === path : candidate.startsWith(below)),
    matchesMethod: (candidate) =>
      method === '*' || method === candidate || (method === 'GET' && candidate === 'HEAD'),
  }
}

function parseUrl(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? '/', 'http://localhost') ?? undefined
}

function sendMiss(response: ServerResponse, url: URL, methods: readonly string[]): void {
  const path = url.pathname
  if (methods.length === 0) {
    sendProblem(response, 404, {
      code: 'NOT_FOUND',
      message: `Nothing is at ${path}. See / for what is here.`,
    })
    return
  }
  response.setHeader(
    'allow',
    methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)).join(', '),
  )
  sendProblem(response, 405, {
    code: 'METHOD_NOT_ALLOWED',
    message: `${url.pathname} takes ${methods.join(' or ')}.`,
  })
}

function fail(response: ServerResponse, reason: unknown, log: Log): void {
  const fault = toFault(reason)
  log.error({ err: fault, cause: fault.cause }, 'A request failed')
  if (response.headersSent) return void response.destroy()
  sendProblem(response, 500, {
    code: fault.code,
    message: 'This failed on our side. The log has the reason.',
  })
}

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Fault } from '@stoa/platform/fault'
import { invariant } from '@stoa/platform/invariant'
import type { Gateway } from '../gateway.ts'

export interface ServerParts {
  readonly gateway: Gateway
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** What `/readyz` tells besides whether it is ready. */
  readonly state: () => object
  readonly version: string
}

export interface GraphServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

/** A caller that dribbles its bytes is let go; idle connections outlive those of common load balancers (60 s). */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 }

/**
 * `/graphql` (WebSockets, too), `/readyz`, `/livez`, `/version`. Closing it takes no new connections, lets requests
 * under way end (for at most ten seconds), ends subscriptions and tells all clients to connect elsewhere. Throws
 * BAD_CONFIG when it cannot listen.
 */
export async function listenGraph(parts: ServerParts): Promise<GraphServer> {
  let draining = false
  const health = healthRoutes(parts, () => draining)
  const server = createServer(TIMEOUTS, (request, response) => {
    if (draining) response.shouldKeepAlive = false
    const { url = '/' } = request
    if (isGraph(url)) return void parts.gateway.handle(request, response)
    answerHealth(health, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    if (isGraph(request.url ?? '/')) return parts.gateway.upgrade(request, socket, head)
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
  })
  const port = await listen(server, parts)
  const host = parts.host.includes(':') ? `[${parts.host}]` : parts.host
  return {
    url: `http://${host}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      draining = true
      await Promise.all([drain(server), parts.gateway.endStreams()])
    },
  }
}

function isGraph(url: string): boolean {
  return url.startsWith('/graphql') && (url.length === 8 || url[8] === '?' || url[8] === '/')
}

type Health = Readonly<Record<string, () => readonly [status: number, body: object]>>

function healthRoutes({ state, version }: ServerParts, isDraining: () => boolean): Health {
  return {
    '/livez': () => [200, { live: true }],
    '/readyz': () => [isDraining() ? 503 : 200, { ready: !isDraining(), ...state() }],
    '/version': () => [200, { version, node: process.versions.node }],
  }
}

function answerHealth(health: Health, request: IncomingMessage, response: ServerResponse): void {
  const [path = '/'] = (request.url ?? '/').split('?')
  const route = Object.hasOwn(health, path) ? health[path] : undefined
  const mayAsk = request.method === 'GET' || request.method === 'HEAD'
  if (route && !mayAsk) response.setHeader('allow', 'GET, HEAD')
  if (!route) sendJson(response, 404, { code: 'NOT_FOUND', message: 'Expected /graphql.' })
  else if (mayAsk) sendJson(response, ...route())
  else sendJson(response, 405, { code: 'METHOD_NOT_ALLOWED', message: 'Expected GET.' })
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  // A body that nobody read would be taken for the next request.
  if (!response.req.complete) response.setHeader('connection', 'close')
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(`${JSON.stringify(body)}\n`)
}

async function listen(server: Server, { host, port }: ServerParts): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new Fault('BAD_CONFIG', whyNot(cause, `${host}:${port}`), { cause })
  }
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening TCP server has an address')
  return address.port
}

function whyNot(cause: unknown, where: string): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'EADDRINUSE')
    return `${where} is taken by another program. Stop that one, or give another port with --port.`
  return `Cannot listen on ${where} (${code || String(cause)}). Give another --host or --port.`
}

const DRAIN_MS = 10_000

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection whose last answer was promised before the drain stays open without anything under way.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const hard = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(hard)
}

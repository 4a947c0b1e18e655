import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Gateway } from '@stoa/gateway/gateway'
import { type Handler, type Routes, sendProblem } from './router.ts'

/** `/graphql` and the path form of a trusted document, `/graphql/sha256:<hex>/<OperationName>`. */
export function graphRoutes(current: () => { readonly gateway: Gateway } | undefined): Routes {
  const handle: Handler = async (request, response) => {
    const state = current()
    if (!state) return starting(response)
    await state.gateway.handle(request, response)
  }
  return { '* /graphql': handle, '* /graphql/*': handle }
}

/** The graph over WebSocket: for a server's event `upgrade`. */
export function graphUpgrade(
  current: () => { readonly gateway: Gateway } | undefined,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const state = current()
    const isGraph = /^\/graphql([?/]|$)/.test(request.url ?? '')
    if (state && isGraph) return state.gateway.upgrade(request, socket, head)
    const status = isGraph ? '503 Service Unavailable' : '404 Not Found'
    // A peer that is gone before it was told so is none of our errors.
    socket.on('error', () => {}).end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`)
  }
}

function starting(response: Parameters<Handler>[1]): void {
  response.setHeader('retry-after', '1')
  sendProblem(response, 503, {
    code: 'OVERLOADED',
    message: 'The shop is starting or stopping. Ask again in a moment.',
  })
}

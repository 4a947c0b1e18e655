import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ok, type Result } from '@stoa/platform/result'
import { handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Reply } from '../answer-response.ts'
import type { Pipeline, PipelineRequest } from '../pipeline.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { EventStream } from '../subscriptions/streams.ts'
import { createProtocol } from './socket-protocol.ts'
import { attachSocket } from './socket-wire.ts'

export interface SocketParts {
  readonly pipeline: Pipeline
  openStream(request: PipelineRequest): Promise<Reply | EventStream>
}

export interface SocketServer {
  open(request: IncomingMessage, socket: Duplex, head: Buffer): Result<void, Refusal>
  close(): Promise<void>
}

/** GraphQL over WebSocket (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), on sockets of `ws`. */
export function createSocketServer(parts: SocketParts): SocketServer {
  const { bodyBytes, subscriptions } = parts.pipeline.limits
  const protocol = createProtocol(parts)
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: bodyBytes,
    perMessageDeflate: false,
    handleProtocols,
  })
  return {
    open(request, socket, head) {
      const limit = subscriptions.connections
      if (server.clients.size >= limit)
        return refuse(
          'TOO_MANY_SUBSCRIPTIONS',
          `At most ${limit} WebSockets are open here at once. Connect again later.`,
        )
      server.handleUpgrade(request, socket, head, (opened) =>
        attachSocket(parts.pipeline, { socket: opened, request, protocol }),
      )
      return ok(undefined)
    },
    async close() {
      await Promise.all([...server.clients].map(closeSocket))
    },
  }
}

/** `1001`: clients connect again, to whoever serves then. */
function closeSocket(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const hard = setTimeout(() => socket.terminate(), PATIENCE_MS)
    socket.once('close', () => {
      clearTimeout(hard)
      resolve()
    })
    socket.close(1001, 'Going away')
  })
}

/** By the real clock, as connections are real. */
const PATIENCE_MS = 1_000

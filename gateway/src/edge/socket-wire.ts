import type { IncomingMessage } from 'node:http'
import type { Clock, Timer } from '@stoa/platform/clock'
import { toFault } from '@stoa/platform/fault'
import { CloseCode, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { checkJsonDepth } from '../guards/guard-json.ts'
import type { Pipeline } from '../pipeline.ts'

/** What the protocol knows of a connection. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket
  readonly request: IncomingMessage
}

export interface OpenedSocket extends SocketExtra {
  readonly protocol: Server<SocketExtra>
}

/** Bytes that wait for a client that does not read: with more the connection is cut, whatever they are. */
const MOST_BUFFERED = 16_777_216
/** The variables lie three objects deep in a message. */
const ENVELOPE_DEPTH = 3

/** Hands the protocol one socket's messages, and keeps the socket alive while its peer is. */
export function attachSocket(pipeline: Pipeline, { socket, request, protocol }: OpenedSocket): void {
  const { limits, clock, options } = pipeline
  const { keepAliveMs, writeMs } = limits.subscriptions
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => write(socket, text, { clock, ms: writeMs }),
      close: (code, reason) => socket.close(code, reason),
      onMessage(take) {
        socket.on('message', (data, isBinary) => {
          const text = isBinary ? undefined : String(data)
          if (text === undefined || !checkJsonDepth(text, limits.jsonDepth + ENVELOPE_DEPTH).ok)
            return socket.close(CloseCode.BadRequest, 'Invalid message received')
          take(text).catch((reason: unknown) => {
            options.log.error({ err: toFault(reason) }, 'a message of a WebSocket failed')
            socket.close(CloseCode.InternalServerError, 'Internal server error')
          })
        })
      },
    },
    { socket, request },
  )
  const alive = keepAlive(socket, clock, keepAliveMs)
  socket.on('ping', () => cutIfFull(socket))
  // A peer that breaks the protocol of sockets, or is gone: `close` follows.
  socket.on('error', (reason) => options.log.debug({ reason: reason.message }, 'a WebSocket broke'))
  socket.once('close', (code, reason) => {
    alive[Symbol.dispose]()
    void closed(code, String(reason))
  })
}

/** Resolves when the text is on its way; a client that does not read it in time is cut off. */
async function write(
  socket: WebSocket,
  text: string,
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
): Promise<void> {
  if (socket.readyState !== socket.OPEN || cutIfFull(socket)) return
  const late = clock.schedule(clock.now() + ms, () => socket.terminate())
  // An error is one of the socket, which `close` tells of.
  await new Promise<void>((resolve) => socket.send(text, () => resolve()))
  late.cancel()
}

function cutIfFull(socket: WebSocket): boolean {
  const isFull = socket.bufferedAmount > MOST_BUFFERED
  if (isFull) socket.terminate()
  return isFull
}

function keepAlive(socket: WebSocket, clock: Clock, ms: number): Disposable {
  let isAlive = true
  let timer: Timer
  const beat = (): void => {
    if (!isAlive) socket.terminate()
    isAlive = false
    if (socket.readyState === socket.OPEN) socket.ping()
    timer = clock.schedule(clock.now() + ms, beat)
  }
  timer = clock.schedule(clock.now() + ms, beat)
  socket.on('pong', () => {
    isAlive = true
  })
  return { [Symbol.dispose]: () => timer.cancel() }
}

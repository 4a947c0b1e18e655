import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { toFault } from '@stoa/platform/fault'
import { jsonOf } from '../answer-response.ts'
import type { Refusal } from '../refusal.ts'
import { refusedReply } from '../refused-response.ts'
import { CLOSING } from '../subscriptions/ending.ts'
import { checkOrigin } from './origin.ts'
import type { SocketParts, SocketServer } from './socket-server.ts'

/** Where WebSockets come in. */
export interface SocketDoor {
  /** Takes over what asks for an upgrade, or answers it with a status of 400 and more. */
  open(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes all of them, and opens no more. */
  close(): Promise<void>
}

export function createSocketDoor(parts: SocketParts): SocketDoor {
  const { options } = parts.pipeline
  // Loaded with the first of them: nobody else waits for it.
  let loading: Promise<SocketServer> | undefined
  let isClosed = false

  async function pass(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    loading ??= import('./socket-server.ts').then(({ createSocketServer }) => createSocketServer(parts))
    const server = await loading
    if (isClosed) return turnAway(socket, CLOSED)
    const taken = server.open(request, socket, head)
    if (!taken.ok) turnAway(socket, taken.error)
  }

  return {
    open(request, socket, head) {
      // Until somebody else listens: a peer that is gone is none of our errors.
      const ignore = (): void => {}
      socket.on('error', ignore)
      const allowed = checkOrigin(request, options.origins ?? [])
      if (isClosed || !allowed.ok) return turnAway(socket, allowed.ok ? CLOSED : allowed.error)
      pass(request, socket, head).catch((reason: unknown) => {
        options.log.error({ err: toFault(reason) }, 'a WebSocket could not be opened')
        socket.destroy()
      })
    },
    async close() {
      isClosed = true
      await (await loading)?.close()
    },
  }
}

const CLOSED: Refusal = { severity: 503, errors: CLOSING.errors ?? [] }

/** Before the upgrade it is plain HTTP. */
function turnAway(socket: Duplex, refusal: Refusal): void {
  const { status, answer } = refusedReply(refusal)
  const json = jsonOf(answer)
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${json.length}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${json}`, 'latin1')
}

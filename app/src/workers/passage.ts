import { type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { connect } from 'node:net'
import { type Duplex, pipeline } from 'node:stream'
import { type Handler, sendProblem } from '../server/router.ts'

/** Passes requests on to the server that listens on another port of this machine, as they are. */
export interface Passage {
  readonly handle: Handler
  /** For sockets that are to become something else than HTTP. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends what would never end by itself: streams and sockets that are open. */
  close(): void
}

const HOST = '127.0.0.1'

export function createPassage(port: number): Passage {
  const streams = new Set<{ destroy(): unknown }>()
  return {
    handle(request, response) {
      const { method, url, headers } = request
      const ahead = send({ host: HOST, port, method, path: url, headers: endToEnd(headers), agent: false })
      ahead.on('response', (answer) => {
        if (answer.headers['content-type'] === 'text/event-stream') keep(streams, response)
        passBack(answer, response)
      })
      ahead.on('error', () => refuse(response))
      response.on('close', () => ahead.destroy())
      pipeline(request, ahead, () => {})
    },
    upgrade(request, socket, head) {
      const ahead = connect(port, HOST)
      keep(streams, socket)
      ahead.write(headOf(request))
      ahead.write(head)
      pipeline(socket, ahead, socket, () => {})
    },
    close() {
      for (const stream of streams) stream.destroy()
    },
  }
}

type Headers = IncomingMessage['headers']

/** RFC 9110, 7.6.1: what is said about one connection is not for the next. */
function endToEnd(headers: Headers): Headers {
  const { connection, 'keep-alive': _kept, 'transfer-encoding': _encoding, ...rest } = headers
  for (const named of connection?.toLowerCase().split(',') ?? []) delete rest[named.trim()]
  return rest
}

function passBack(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
  // A stream may have nothing to say for a while.
  response.flushHeaders()
  pipeline(answer, response, () => {})
}

function refuse(response: ServerResponse): void {
  if (response.headersSent) return void response.destroy()
  response.setHeader('retry-after', '1')
  sendProblem(response, 503, {
    code: 'OVERLOADED',
    message: 'The shop is starting or stopping. Ask again in a moment.',
  })
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`))
  return `${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`
}

function keep(
  streams: Set<{ destroy(): unknown }>,
  stream: { destroy(): unknown; once(event: 'close', listener: () => void): unknown },
): void {
  streams.add(stream)
  stream.once('close', () => streams.delete(stream))
}

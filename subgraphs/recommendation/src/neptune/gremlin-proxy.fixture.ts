import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'

/** Stands between us and a Gremlin server, and makes the trouble that networks make. */
export interface GremlinProxy extends AsyncDisposable {
  /** `ws://127.0.0.1:…/gremlin` */
  readonly url: string
  /** The headers of every request to open a socket, in order. */
  readonly openings: readonly IncomingMessage['headers'][]
  /** Breaks every connection, now. */
  cut(): void
  /** Answers are held back until `release`; the connection looks alive. */
  hold(): void
  release(): void
  /** Breaks the connection after that many more bytes of answers. */
  cutAfter(bytes: number): void
}

export interface Refusal {
  readonly status: number
  readonly body: string
}

export interface ProxyOptions {
  /** A WebSocket URL; absent where nobody gets so far. */
  readonly target?: string
  /** Looks at a request to open a socket. */
  readonly check?: (request: IncomingMessage) => Refusal | undefined
  /** What its clock shows, epoch milliseconds. Default now. */
  readonly now?: () => number
}

export async function startGremlinProxy(options: ProxyOptions = {}): Promise<GremlinProxy> {
  const openings: IncomingMessage['headers'][] = []
  const pairs = new Set<readonly [Socket, Socket]>()
  let isHeld = false
  let left = Number.POSITIVE_INFINITY

  function cut(): void {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }

  function join(near: Socket, far: Socket): void {
    const pair = [near, far] as const
    pairs.add(pair)
    far.on('data', (bytes) => {
      left -= bytes.length
      if (left < 0) return cut()
      near.write(bytes)
    })
    near.on('data', (bytes) => far.write(bytes))
    if (isHeld) far.pause()
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
        pairs.delete(pair)
      })
    }
  }

  const server = createServer((_, response) => void response.writeHead(400).end())
  server.on('upgrade', (request: IncomingMessage, near: Socket) => {
    openings.push(request.headers)
    near.on('error', () => {})
    const refusal = options.check?.(request)
    if (refusal || options.target === undefined) return refuse(near, refusal ?? NOBODY, options.now)
    const target = new URL(options.target)
    const far = connect(Number(target.port), target.hostname, () => far.write(headOf(request)))
    join(near, far)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `ws://127.0.0.1:${port}/gremlin`,
    openings,
    cut,
    hold() {
      isHeld = true
      for (const [, far] of pairs) far.pause()
    },
    release() {
      isHeld = false
      for (const [, far] of pairs) far.resume()
    },
    cutAfter(bytes) {
      left = bytes
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const NOBODY: Refusal = { status: 503, body: 'Nobody is here.' }

function refuse(near: Socket, { status, body }: Refusal, now: () => number = Date.now): void {
  const date = new Date(now()).toUTCString()
  const head = [
    `HTTP/1.1 ${status} No`,
    `Date: ${date}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  near.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** The request as it came. */
function headOf({ url, rawHeaders }: IncomingMessage): string {
  const lines = Array.from(
    { length: rawHeaders.length / 2 },
    (_, index) => `${rawHeaders[index * 2]}: ${rawHeaders[index * 2 + 1]}\r\n`,
  )
  return `GET ${url} HTTP/1.1\r\n${lines.join('')}\r\n`
}

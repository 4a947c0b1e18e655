import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface RawServer extends AsyncDisposable {
  readonly url: string
  /** How many connections were taken so far. */
  readonly taken: () => number
  /** Whole requests, as they came. */
  readonly asked: readonly string[]
}

/** Speaks to each request as it is told; `count` of connections and of requests begin at 1. */
export async function serveRaw(answer: (socket: Socket, count: Counts) => void): Promise<RawServer> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  let taken = 0
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    taken += 1
    const connection = taken
    sockets.add(socket)
    socket.on('error', () => {})
    socket.setEncoding('latin1').on('data', (text) => {
      asked.push(String(text))
      answer(socket, { connection, request: asked.length })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql?a=b`,
    taken: () => taken,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Counts {
  readonly connection: number
  readonly request: number
}

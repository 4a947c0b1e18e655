import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** The next `count` requests that contain `text` reach the server, but their answers get lost, and the connection. */
  loseAnswers(text: string, count: number): void
  /** Whether somebody said `text` since this was asked for the first time. */
  heard(text: string): () => boolean
  /** Breaks every connection off; the server may go on with what it was asked. */
  cut(): void
  /** Swallows everything that the server says from now on; connections stay. */
  mute(): void
}

/** Stands between a client and a server on loopback, and does what a bad network does. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const clients = new Set<Socket>()
  const lost = new Map<string, number>()
  const listeners = new Set<(chunk: string) => void>()
  let isMute = false

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let isDoomed = false
    clients.add(client)
    client.on('data', (chunk) => {
      const said = chunk.toString('latin1')
      for (const listen of listeners) listen(said)
      for (const [text, left] of lost) {
        if (left === 0 || !said.includes(text)) continue
        lost.set(text, left - 1)
        isDoomed = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (isDoomed) client.destroy()
      else if (!isMute) client.write(chunk)
    })
    client.on('close', () => {
      clients.delete(client)
      upstream.end()
    })
    upstream.on('close', () => client.destroy())
    client.on('error', () => {})
    upstream.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    loseAnswers: (text, count) => void lost.set(text, count),
    heard(text) {
      let found = false
      listeners.add((said) => {
        if (said.includes(text)) found = true
      })
      return () => found
    },
    cut() {
      for (const client of clients) client.destroy()
    },
    mute() {
      isMute = true
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

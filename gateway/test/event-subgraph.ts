import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buildSchema, subscribe } from 'graphql'
import { createHandler } from 'graphql-sse/lib/use/http'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { EventChannel } from './event-channel.ts'
import { LIVE_SDL } from './live-shop.ts'

/** A subgraph of events as others run them: `graphql-sse` and `graphql-ws` on one path. */
export interface EventSubgraph extends AsyncDisposable {
  readonly url: string
  /** What came with each subscription. */
  readonly asked: readonly { readonly headers: IncomingHttpHeaders; readonly payload: object }[]
  /** Connections that were taken. */
  readonly taken: () => number
  /** Cuts every connection. */
  cut(): void
}

export async function serveEvents(events: EventChannel<object>): Promise<EventSubgraph> {
  const schema = buildSchema(LIVE_SDL.replaceAll(/@key\([^)]*\)/g, ''))
  const listen = (): AsyncIterator<object> => events.listen()
  const refused = (): never => {
    throw new Error('no such word')
  }
  const rootValue = {
    orderChanged: listen,
    thingChanged: listen,
    sureThing: listen,
    markChanged: listen,
    refused,
  }
  const asked: EventSubgraph['asked'][number][] = []
  const handle = createHandler({
    schema,
    subscribe: (args) => subscribe({ ...args, rootValue }),
    onSubscribe({ raw: { headers } }, payload) {
      asked.push({ headers, payload })
    },
  })
  const server = createServer((request, response) => void handle(request, response))
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  const speaking = useServer(
    {
      schema,
      roots: { subscription: rootValue },
      onSubscribe({ extra }, _id, payload) {
        asked.push({ headers: extra.request.headers, payload })
      },
    },
    sockets,
  )
  const open = new Set<Socket>()
  let taken = 0
  server.on('connection', (socket) => {
    taken += 1
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    ...{ url: `http://127.0.0.1:${port}/graphql`, asked, cut, taken: () => taken },
    async [Symbol.asyncDispose]() {
      cut()
      await speaking.dispose()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

import { type Client, type ClientOptions, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { listenGraph } from '../src/serve/server.ts'
import { type LiveShop, type LiveShopOptions, openLiveShop } from './live-shop.ts'

/** The live shop's gateway behind a real server. */
export interface LiveServer extends AsyncDisposable {
  readonly shop: LiveShop
  /** Of GraphQL over HTTP. */
  readonly url: string
  readonly socketUrl: string
  /** Lets the server go as a deployment does. */
  drain(): Promise<void>
}

export async function openLiveServer(options: LiveShopOptions = {}): Promise<LiveServer> {
  await using opening = new AsyncDisposableStack()
  const shop = opening.use(await openLiveShop(options))
  const parts = { gateway: shop.gateway, host: '127.0.0.1', port: 0, state: () => ({}), version: '0' }
  const server = opening.use(await listenGraph(parts))
  const opened = opening.move()
  return {
    shop,
    url: `${server.url}/graphql`,
    socketUrl: `ws://127.0.0.1:${server.port}/graphql`,
    drain: async () => await server[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** A client that tries once. */
export function socketClient(url: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options })
}

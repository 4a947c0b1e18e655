import { subscribe } from 'node:diagnostics_channel'
import { ServerResponse } from 'node:http'

/** Undici tells of every request of this process by diagnostics channels, those of `fetch` included. */
const asked = new Set<unknown>()

subscribe('undici:request:create', (message) => void asked.add(requestOf(message)))
subscribe('undici:request:trailers', (message) => void asked.delete(requestOf(message)))
subscribe('undici:request:error', (message) => void asked.delete(requestOf(message)))

/** The gateway asks subgraphs by a client of its own: its requests are seen where they arrive, as are all others. */
const answering = new Set<ServerResponse>()

subscribe('http.server.request.start', (message) => {
  const response = part(message, 'response')
  if (!(response instanceof ServerResponse)) return
  answering.add(response)
  response.once('close', () => answering.delete(response))
})

/** HTTP requests of this process without a complete answer yet: what the parts of a shop still say to one another. */
export function requestsUnderWay(): number {
  return asked.size + answering.size
}

function requestOf(message: unknown): unknown {
  return part(message, 'request')
}

function part(message: unknown, name: string): unknown {
  if (typeof message !== 'object' || message === null) return undefined
  return Object.getOwnPropertyDescriptor(message, name)?.value
}

import { subscribe } from 'node:diagnostics_channel'

/** Undici tells of every request of this process by diagnostics channels, those of `fetch` included. */
const underWay = new Set<unknown>()

subscribe('undici:request:create', (message) => void underWay.add(requestOf(message)))
subscribe('undici:request:trailers', (message) => void underWay.delete(requestOf(message)))
subscribe('undici:request:error', (message) => void underWay.delete(requestOf(message)))

/** HTTP requests of this process without a complete answer yet: what the parts of a shop still say to one another. */
export function requestsUnderWay(): number {
  return underWay.size
}

function requestOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'request' in message ? message.request : undefined
}

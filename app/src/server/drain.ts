import { once } from 'node:events'
import type { Server } from 'node:http'

const DRAIN_MS = 5_000

/**
 * Takes no new connections and lets requests under way end, for at most five seconds. By the real clock: connections
 * are real, and a virtual one would wait for ever.
 */
export async function drainServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())])
}

export function shut(server: Server): void {
  server.close()
  server.closeAllConnections()
}

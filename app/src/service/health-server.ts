import { once } from 'node:events'
import { invariant } from '@stoa/platform/invariant'
import type { Log } from '@stoa/platform/log'
import { drainServer, shut } from '../server/drain.ts'
import { createWebServer, sendJson } from '../server/router.ts'
import { version } from '../version.ts'
import type { ProcessConfig } from './service-config.ts'
import type { RunningService } from './service-parts.ts'

/** For a role that answers nobody but those who ask whether it is well: GET /livez, /readyz, /version. */
export async function listenForHealth(
  { host, port }: Pick<ProcessConfig, 'host' | 'port'>,
  log: Log,
): Promise<RunningService> {
  let ready = true
  const server = createWebServer(
    {
      'GET /livez': (_request, response) => sendJson(response, 200, { live: true }),
      'GET /readyz': (_request, response) => sendJson(response, ready ? 200 : 503, { ready }),
      'GET /version': (_request, response) =>
        sendJson(response, 200, { version, node: process.versions.node }),
    },
    log,
  )
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening TCP server has an address')
  return {
    url: `http://${host}:${address.port}`,
    async [Symbol.asyncDispose]() {
      ready = false
      await drainServer(server)
      shut(server)
    },
  }
}

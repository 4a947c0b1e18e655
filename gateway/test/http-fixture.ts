import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { invariant } from '@stoa/platform/invariant'
import type { GatewayOptions } from '../src/options.ts'
import { type Fixture, openFixture, type PartOfGraph } from './fixture.ts'

export interface HttpFixture extends AsyncDisposable {
  readonly fixture: Fixture
  readonly url: string
  send(request: HttpRequest): Promise<HttpAnswer>
}

export interface HttpRequest {
  readonly method: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** Of the first error. */
  readonly code: string | undefined
}

/** The gateway of a fixture behind a real server. */
export async function openHttpFixture(
  parts: Readonly<Record<string, PartOfGraph>>,
  options: Partial<GatewayOptions> = {},
): Promise<HttpFixture> {
  const fixture = await openFixture(parts, options)
  const server = createServer((request, response) => void fixture.gateway.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    fixture,
    url: `http://127.0.0.1:${port}/graphql`,
    async send({ method, path = '/graphql', headers = {}, body }) {
      const sent = open({ host: '127.0.0.1', port, path, method, headers })
      // A server that has refused a long body may close before the last of it: the answer is there by then.
      sent.on('error', () => {}).end(body)
      const [answer]: IncomingMessage[] = await once(sent, 'response')
      invariant(answer, 'a response')
      const said = await text(answer)
      const parsed = said === '' ? undefined : JSON.parse(said)
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: parsed,
        code: parsed?.errors?.[0]?.extensions.code,
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await fixture[Symbol.asyncDispose]()
    },
  }
}

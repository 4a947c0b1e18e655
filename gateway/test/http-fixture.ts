import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request as send } from 'undici'
import type { GatewayOptions } from '../src/options.ts'
import { type Fixture, openFixture, type PartOfGraph } from './fixture.ts'

export interface HttpFixture extends AsyncDisposable {
  readonly fixture: Fixture
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
    async send({ method, path = '/graphql', headers = {}, body }) {
      const answer = await send(`http://127.0.0.1:${port}${path}`, { method, headers, body: body ?? null })
      const text = await answer.body.text()
      const parsed = text === '' ? undefined : JSON.parse(text)
      return {
        status: answer.statusCode,
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

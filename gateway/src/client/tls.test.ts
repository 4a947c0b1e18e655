import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { silentLog } from '@stoa/platform/log'
import { createSelfSigned } from '../../test/self-signed.ts'
import { createHttpSubgraphClient, type HttpSubgraphOptions } from '../subgraph-client.http.ts'

const { key, cert } = createSelfSigned()

/** Asks twice a server whose answer takes several records. */
async function ask(options: Partial<HttpSubgraphOptions>): Promise<readonly unknown[]> {
  const text = JSON.stringify({ data: { x: 'è'.repeat(30_000) } })
  await using stack = new AsyncDisposableStack()
  const server = createServer({ key, cert }, (request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack.defer(() => void server.close())
  stack.defer(() => server.closeAllConnections())
  // A server that listens on a port has an address of this kind.
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const client = stack.use(createHttpSubgraphClient({ name: 'a', url, log: silentLog, ...options }))
  const context = {
    principal: { kind: 'anonymous' },
    market: 'IT',
    language: 'it',
    correlationId: 'ada-1',
    deadline: Date.now() + 5_000,
  } as const
  const once = (): Promise<unknown> =>
    client.execute({ query: '{ x }', context }).catch((reason: unknown) => reason)
  return [await once(), await once()]
}

describe('a subgraph over TLS', () => {
  it('answers when its certificate is trusted', async () => {
    const answer = { data: { x: 'è'.repeat(30_000) } }
    expect(await ask({ ca: cert })).toEqual([answer, answer])
  })

  it('is not spoken to when its certificate is not', async () => {
    const fault = { code: 'UPSTREAM_UNAVAILABLE', message: 'a cannot be reached.' }
    expect(await ask({})).toMatchObject([fault, fault])
  })
})

import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { createHttpSubgraphClient } from '@stoa/gateway/subgraph-client.http'
import { silentLog } from '@stoa/platform/log'
import { requestsUnderWay } from './requests-under-way.ts'

interface Held extends AsyncDisposable {
  readonly port: number
  /** The next request's response, which is the test's to end. */
  next(): Promise<ServerResponse>
}

async function hold(): Promise<Held> {
  let arrived = Promise.withResolvers<ServerResponse>()
  const server = createServer((_request, response) => arrived.resolve(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    // A server that listens on a port has an address of this kind.
    port: (server.address() as AddressInfo).port,
    async next() {
      const response = await arrived.promise
      arrived = Promise.withResolvers()
      return response
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const context = {
  principal: { kind: 'anonymous' },
  market: 'IT',
  language: 'it',
  correlationId: 'ada-1',
  deadline: Number.MAX_SAFE_INTEGER,
} as const

describe('requests under way', () => {
  it('are those of the gateway to its subgraphs, too', async () => {
    await using subgraph = await hold()
    const url = `http://127.0.0.1:${subgraph.port}/graphql`
    await using client = createHttpSubgraphClient({ name: 'a', url, log: silentLog })
    expect(requestsUnderWay()).toBe(0)
    const asked = client.execute({ query: '{ x }', context })
    const response = await subgraph.next()
    expect(requestsUnderWay()).toBe(1)
    response.setHeader('content-type', 'application/json').end('{"data":{"x":1}}')
    expect(await asked).toEqual({ data: { x: 1 } })
    await untilNone()
  })

  it('are done when their connection breaks', async () => {
    await using server = await hold()
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    await server.next()
    expect(requestsUnderWay()).toBe(1)
    socket.destroy()
    await untilNone()
  })
})

async function untilNone(): Promise<void> {
  while (requestsUnderWay() > 0) await new Promise((resolve) => setImmediate(resolve))
}

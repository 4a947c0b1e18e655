import { describe, expect, it } from '@jest/globals'
import { silentLog } from '@stoa/platform/log'
import type { RequestContext } from '@stoa/platform/subgraph'
import { type RawServer, serveRaw } from '../../test/raw-server.ts'
import {
  createHttpSubgraphClient,
  type HttpSubgraphClient,
  type HttpSubgraphOptions,
} from '../subgraph-client.http.ts'

function response(body = '{"data":{"x":1}}', fields = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`
}

function context(ms = 2_000): RequestContext {
  const deadline = Date.now() + ms
  return { principal: { kind: 'anonymous' }, market: 'IT', language: 'it', correlationId: 'ada-1', deadline }
}

function clientOf({ url }: RawServer, options: Partial<HttpSubgraphOptions> = {}): HttpSubgraphClient {
  return createHttpSubgraphClient({ name: 'a', url, log: silentLog, ...options })
}

function ask(client: HttpSubgraphClient, ms?: number, repeatable = true): Promise<unknown> {
  return client
    .exchange({ body: '{"query":"{x}"}', repeatable, context: context(ms) })
    .then((answer) => answer.toString())
    .catch((reason: unknown) => reason)
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('a connection to a subgraph', () => {
  it('is used again, and only as many are opened as requests are under way', async () => {
    await using server = await serveRaw((socket) => void socket.write(response()))
    await using client = clientOf(server, { connections: 3 })
    for (let i = 0; i < 5; i += 1) await ask(client)
    expect(server.taken()).toBe(1)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(client)))
    expect(new Set(answers)).toEqual(new Set(['{"data":{"x":1}}']))
    expect(server.taken()).toBe(3)
    expect(server.asked[0]).toMatch(/^POST \/graphql\?a=b HTTP\/1.1\r\nhost: 127.0.0.1:\d+\r\n/)
  })

  it('brings an answer that comes byte by byte', async () => {
    await using server = await serveRaw(async (socket) => {
      for (const char of response('{"data":{}}')) {
        socket.write(char, 'latin1')
        await new Promise(setImmediate)
      }
    })
    await using client = clientOf(server)
    expect(await ask(client)).toBe('{"data":{}}')
  })

  it.each([
    ['the answer says so', response(undefined, 'Connection: close\r\n')],
    ['something follows the answer', `${response()}HTTP/1.1 200 OK\r\n`],
    ['the server keeps it no longer than a second', response(undefined, 'Keep-Alive: timeout=1\r\n')],
  ])('is not used again when %s', async (_why, text) => {
    await using server = await serveRaw((socket) => void socket.write(text))
    await using client = clientOf(server)
    expect([await ask(client), await ask(client)]).toEqual(['{"data":{"x":1}}', '{"data":{"x":1}}'])
    expect(server.taken()).toBe(2)
  })

  it('that speaks unasked is closed', async () => {
    await using server = await serveRaw((socket, { connection }) => {
      socket.write(response())
      if (connection === 1) setImmediate(() => socket.write(response('{"data":{"x":"of somebody else"}}')))
    })
    await using client = clientOf(server)
    await ask(client)
    await turn()
    expect(await ask(client)).toBe('{"data":{"x":1}}')
    expect(server.taken()).toBe(2)
  })

  it('that the server ends may complete an answer without a length', async () => {
    await using server = await serveRaw(
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"data":{}}'),
    )
    await using client = clientOf(server)
    expect([await ask(client), await ask(client)]).toEqual(['{"data":{}}', '{"data":{}}'])
  })

  it('that the server closes as a request leaves costs a query nothing, and a retry goes over a new one', async () => {
    await using server = await serveRaw((socket, { connection, request }) => {
      if (connection <= 2 && request > 2) socket.end()
      else if (request === 2) socket.write(response())
      else setTimeout(() => socket.write(response()), 10)
    })
    await using client = clientOf(server)
    await Promise.all([ask(client), ask(client)])
    expect(await ask(client)).toBe('{"data":{"x":1}}')
    expect([server.taken(), server.asked.length]).toEqual([3, 4])
  })

  it('that breaks under a mutation is not tried again', async () => {
    await using server = await serveRaw((socket) => void socket.end())
    await using client = clientOf(server)
    expect(await ask(client, 2_000, false)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(server.asked).toHaveLength(1)
  })

  it('is closed when the deadline passes, and the next request is not answered by the late answer', async () => {
    await using server = await serveRaw((socket, { connection }) => {
      if (connection === 1) setTimeout(() => socket.write(response('{"data":{"x":"late"}}')), 60)
      else socket.write(response())
    })
    await using client = clientOf(server, { connections: 1 })
    expect(await ask(client, 30)).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(await ask(client)).toBe('{"data":{"x":1}}')
  })

  it('is waited for no longer than the deadline, and by no more requests than are allowed', async () => {
    await using server = await serveRaw(() => {})
    await using client = clientOf(server, { connections: 1, waiting: 1 })
    const faults = await Promise.all([ask(client, 40), ask(client, 40), ask(client, 40)])
    // The first waits for its connection still when the others come.
    expect(faults).toMatchObject([
      { code: 'DEADLINE_EXCEEDED' },
      { code: 'OVERLOADED' },
      { code: 'OVERLOADED' },
    ])
    const later = Promise.all([ask(client, 40), turn().then(() => ask(client, 40))])
    expect(await later).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }, { code: 'DEADLINE_EXCEEDED' }])
  })

  it.each([
    ['nonsense', 'SSH-2.0-OpenSSH\r\n\r\n', 'UPSTREAM_INVALID'],
    [
      '100 MB',
      `HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n${'x'.repeat(1_000_000)}`,
      'UPSTREAM_INVALID',
    ],
    ['text that is not UTF-8', response('{"data":"\xff"}'), 'UPSTREAM_INVALID'],
    ['half an answer, slowly,', response().slice(0, -1), 'DEADLINE_EXCEEDED'],
  ])('that brings %s is a fault that names no host', async (_what, text, code) => {
    await using server = await serveRaw((socket) => void socket.write(text, 'latin1'))
    await using client = clientOf(server, { answerBytes: 500_000 })
    const fault = await ask(client, 150)
    expect(fault).toMatchObject({ name: 'Fault', code })
    expect(String(fault)).not.toMatch(/127\.0|graphql/)
  })

  it('that cannot be opened is a fault that names no host', async () => {
    await using server = await serveRaw(() => {})
    await using client = clientOf(server)
    await server[Symbol.asyncDispose]()
    const faults = await Promise.all(Array.from({ length: 50 }, () => ask(client)))
    for (const fault of faults) {
      expect(fault).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
      expect(String(fault)).not.toMatch(/127\.0|graphql/)
    }
  })

  it('ends with its client, and whoever waits is told', async () => {
    await using server = await serveRaw(() => {})
    const client = clientOf(server, { connections: 1 })
    const asked = [ask(client), ask(client)]
    await turn()
    await client[Symbol.asyncDispose]()
    expect(await Promise.all(asked)).toMatchObject([
      { code: 'UPSTREAM_UNAVAILABLE' },
      { code: 'UPSTREAM_UNAVAILABLE' },
    ])
    expect(await ask(client)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it('carries no line break in a header', async () => {
    await using server = await serveRaw((socket) => void socket.write(response()))
    await using client = clientOf(server)
    const sly = { ...context(), correlationId: 'ada\r\nx-admin: yes' }
    const asked = client.exchange({ body: '{}', repeatable: true, context: sly })
    await expect(asked).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(server.asked).toEqual([])
  })
})

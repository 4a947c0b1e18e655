import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { silentLog } from '@stoa/platform/log'
import type { RequestContext, SubgraphRequest } from '@stoa/platform/subgraph'
import { listenSubgraph } from '@stoa/platform/subgraph-server'
import { openFixture, openPart } from '../test/fixture.ts'
import { shop } from '../test/small-shop.ts'
import { createHttpSubgraphClient, type HttpSubgraphOptions } from './subgraph-client.http.ts'

const secret = 'a secret of at least thirty-two characters'

function context(): RequestContext {
  return {
    principal: { kind: 'anonymous' },
    market: 'IT',
    language: 'it',
    correlationId: 'ada-1',
    deadline: Date.now() + 2_000,
  }
}

interface Served extends AsyncDisposable {
  readonly url: string
  readonly seen: { readonly headers: IncomingMessage['headers']; readonly body: string }[]
}

/** A server that answers as it is told, whatever it is asked. */
async function serve(answer: (response: ServerResponse, count: number) => void): Promise<Served> {
  const seen: Served['seen'] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    answer(response, seen.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function json(text: string, status = 200, type = 'application/json'): (response: ServerResponse) => void {
  return (response) => void response.writeHead(status, { 'content-type': type }).end(text)
}

function cutShort(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 50 })
  response.write('{}', () => response.destroy())
}

async function ask(
  answer: Parameters<typeof serve>[0],
  request: Partial<SubgraphRequest> = {},
  options: Partial<HttpSubgraphOptions> = {},
): Promise<{ result: unknown; seen: Served['seen'] }> {
  await using server = await serve(answer)
  await using client = createHttpSubgraphClient({ name: 'a', url: server.url, log: silentLog, ...options })
  const result = await client
    .execute({ query: '{ x }', context: context(), ...request })
    .catch((reason: unknown) => reason)
  return { result, seen: server.seen }
}

describe('a subgraph over HTTP', () => {
  it('answers through the gateway as it does in the same process', async () => {
    await using stack = new AsyncDisposableStack()
    const urls = new Map<string, string>()
    for (const [name, part] of Object.entries(shop)) {
      const subgraph = stack.use(await openPart(name, part))
      urls.set(name, stack.use(await listenSubgraph(subgraph, { port: 0, secret, log: silentLog })).url)
    }
    await using fixture = await openFixture(shop, {
      wrap: (name) =>
        stack.use(
          createHttpSubgraphClient({ name, url: `${urls.get(name)}/graphql`, secret, log: silentLog }),
        ),
    })
    expect(await fixture.ask('{ latest { product { name shipping } } }')).toEqual({
      data: {
        latest: [202, 400, 202].map((shipping, i) => ({
          product: { name: ['Tee', 'Mug', 'Tee'][i], shipping },
        })),
      },
    })
  })

  it('refuses a gateway that does not share its secret, and clients see nothing of it', async () => {
    const part = shop.catalog
    await using subgraph = await openPart('catalog', part)
    await using listener = await listenSubgraph(subgraph, { port: 0, secret, log: silentLog })
    await using client = createHttpSubgraphClient({
      name: 'catalog',
      url: `${listener.url}/graphql`,
      secret: secret.toUpperCase(),
      log: silentLog,
    })
    await using fixture = await openFixture(shop, {
      wrap: (name, local) => (name === 'catalog' ? client : local),
    })
    const { data, errors } = await fixture.ask('{ product(id: 1) { name } }')
    expect(data).toEqual({ product: null })
    expect(errors).toMatchObject([{ path: ['product'], extensions: { code: 'SUBGRAPH_INVALID' } }])
  })

  it('gets headers that are made here, and nothing else', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const request = {
      query: 'query Q($n: Int) { x(n: $n) }',
      operationName: 'Q',
      variables: { n: 1 },
      context: { ...context(), traceparent },
    }
    const { result, seen } = await ask(json('{"data":{"x":1}}'), request)
    expect(result).toEqual({ data: { x: 1 } })
    expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'connection',
      'content-length',
      'content-type',
      'host',
      'traceparent',
      'x-correlation-id',
    ])
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      query: request.query,
      operationName: 'Q',
      variables: { n: 1 },
    })
  })

  const bad: readonly (readonly [string, (response: ServerResponse) => void, string])[] = [
    ['HTML', json('<html>', 200, 'text/html'), 'UPSTREAM_INVALID'],
    ['half of an answer', json('{"data":'), 'UPSTREAM_INVALID'],
    ['something after the answer', json('{"data":{}} x'), 'UPSTREAM_INVALID'],
    ['a list', json('[]'), 'UPSTREAM_INVALID'],
    ['null', json('null'), 'UPSTREAM_INVALID'],
    ['an object that is no answer', json('{"ok":true}'), 'UPSTREAM_INVALID'],
    ['JSON 100,000 deep', json(`{"data":${'['.repeat(100_000)}`), 'UPSTREAM_INVALID'],
    ['more than the limit', json(`{"data":{"x":"${'x'.repeat(2_000)}"}}`), 'UPSTREAM_INVALID'],
    ['502 from a proxy', json('Bad gateway', 502, 'text/plain'), 'UPSTREAM_UNAVAILABLE'],
    ['a broken connection', (response) => void response.destroy(), 'UPSTREAM_UNAVAILABLE'],
    ['fewer bytes than announced', cutShort, 'UPSTREAM_UNAVAILABLE'],
  ]
  it.each(bad)('that sends %s is a fault with a code', async (_what, answer, code) => {
    expect((await ask(answer, {}, { answerBytes: 1_000 })).result).toMatchObject({ name: 'Fault', code })
  })

  it('that sends errors with another status has answered', async () => {
    const text = '{"errors":[{"message":"x"}]}'
    expect((await ask(json(text, 400, 'application/graphql-response+json; charset=utf-8'))).result).toEqual(
      JSON.parse(text),
    )
  })

  it('is not waited for beyond the deadline', async () => {
    const late = { ...context(), deadline: Date.now() + 50 }
    expect((await ask(() => {}, { context: late })).result).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect((await ask(() => {}, { context: { ...late, deadline: Date.now() - 1 } })).seen).toEqual([])
  })

  it('is asked a query again when the connection breaks, but never a mutation', async () => {
    const once = (response: ServerResponse, count: number): void =>
      count === 1 ? void response.destroy() : json('{"data":{"x":1}}')(response)
    expect(await ask(once)).toMatchObject({ result: { data: { x: 1 } }, seen: [{}, {}] })
    const mutation = await ask(once, { query: 'mutation { x }' })
    expect(mutation.result).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(mutation.seen).toHaveLength(1)
  })

  it('that is dead is not asked twice as often', async () => {
    await using server = await serve((response) => void response.destroy())
    await using client = createHttpSubgraphClient({ name: 'a', url: server.url, log: silentLog })
    for (let i = 0; i < 50; i += 1)
      await client.execute({ query: '{ x }', context: context() }).catch(() => {})
    expect(server.seen.length).toBeLessThanOrEqual(50 + 10 + 5)
  })
})

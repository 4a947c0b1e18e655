import { describe, expect, it } from '@jest/globals'
import { systemClock } from './clock.ts'
import { bodySha256, CONTEXT_HEADER, signContext } from './context-token.ts'
import { silentLog } from './log.ts'
import type { RequestContext, Subgraph } from './subgraph.ts'
import { createSubgraph, listenSubgraph } from './subgraph-server.ts'

const secret = 'a secret of the shop, long enough!'
const query = JSON.stringify({
  query: 'query ($who: String!) { hello(who: $who) }',
  variables: { who: 'bo' },
})

function context(lifeMs = 10_000): RequestContext {
  const deadline = systemClock.now() + lifeMs
  return { principal: { kind: 'anonymous' }, market: 'DE', language: 'de', correlationId: 'c-1', deadline }
}

function openHello(): Promise<Subgraph> {
  return createSubgraph({
    name: 'hello',
    typeDefs: 'type Query { hello(who: String!): String, never: Int }',
    log: silentLog,
    loaders: () => ({}),
    resolvers: {
      Query: {
        hello: (_: unknown, args: { who: string }, { request }) => `${args.who} in ${request.market}`,
        never: () => new Promise(() => {}),
      },
    },
  })
}

interface Answer {
  readonly status: number
  readonly data?: unknown
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, { method: 'POST', body, headers })
  // Only test assertions look inside.
  const answer = (await response.json()) as Omit<Answer, 'status'>
  return { ...answer, status: response.status }
}

async function signed(
  body: string,
  signedContext: RequestContext = context(),
): Promise<Record<string, string>> {
  const binding = { secret, audience: 'hello', bodySha256: bodySha256(body) }
  return { [CONTEXT_HEADER]: await signContext(signedContext, binding) }
}

describe('a subgraph behind HTTP', () => {
  it('answers the gateway', async () => {
    await using hello = await openHello()
    await using listener = await listenSubgraph(hello, { port: 0, secret, log: silentLog })
    const answer = await post(listener.url, query, await signed(query))
    expect(answer).toEqual({ status: 200, data: { hello: 'bo in DE' } })
  })

  it('refuses whoever is not the gateway before it looks at the request', async () => {
    await using hello = await openHello()
    await using listener = await listenSubgraph(hello, { port: 0, secret, log: silentLog })
    const stolen = await signed('{"query":"{ hello }"}')
    for (const headers of [{}, { [CONTEXT_HEADER]: 'nonsense' }, stolen]) {
      const answer = await post(listener.url, 'not even JSON', headers)
      expect(answer.status).toBe(401)
      expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
    }
  })

  it.each(['not even JSON', '[]', '{}', '{"query":""}'])(
    'says what it expects instead of %s',
    async (body) => {
      await using hello = await openHello()
      await using listener = await listenSubgraph(hello, { port: 0, secret, log: silentLog })
      const answer = await post(listener.url, body, await signed(body))
      expect(answer.status).toBe(400)
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_REQUEST')
    },
  )

  it('reads no more of a body than it may, announced or not', async () => {
    await using hello = await openHello()
    await using listener = await listenSubgraph(hello, { port: 0, secret, log: silentLog, maxBodyBytes: 100 })
    const body = JSON.stringify({ query: `{ hello(who: "${'a'.repeat(200)}") }` })
    expect((await post(listener.url, body, await signed(body))).status).toBe(400)
    const stream = new Blob([body]).stream()
    const init = { method: 'POST', body: stream, duplex: 'half', headers: await signed(body) }
    expect((await fetch(`${listener.url}/graphql`, init)).status).toBe(400)
  })

  it('stops waiting at the deadline', async () => {
    await using hello = await openHello()
    await using listener = await listenSubgraph(hello, { port: 0, secret, log: silentLog })
    const body = JSON.stringify({ query: '{ never }' })
    for (const lifeMs of [50, -1]) {
      const answer = await post(listener.url, body, await signed(body, context(lifeMs)))
      expect(answer.status).toBe(504)
      expect(answer.errors?.[0]?.extensions.code).toBe('DEADLINE_EXCEEDED')
    }
  })

  it('says that it lives and that it is ready, and nothing else', async () => {
    await using hello = await openHello()
    await using listener = await listenSubgraph(hello, { port: 0, secret, log: silentLog })
    const status = async (path: string) => (await fetch(`${listener.url}${path}`)).status
    expect(await status('/livez')).toBe(200)
    expect(await status('/readyz')).toBe(200)
    expect(await status('/graphql')).toBe(404)
    expect(await status('/')).toBe(404)
  })
})

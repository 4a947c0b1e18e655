import { describe, expect, it } from '@jest/globals'
import { bodySha256, signContext } from './context-token.ts'
import { Fault } from './fault.ts'
import { silentLog } from './log.ts'
import type { RequestContext, Subgraph, SubgraphResponse } from './subgraph.ts'
import { createSubgraph, listenSubgraph } from './subgraph-server.ts'

const secret = 'a secret of at least thirty-two characters'

function context(): RequestContext {
  const principal = { kind: 'customer', customerId: 'CU-ada', scopes: [] } as const
  return { principal, market: 'IT', language: 'it', correlationId: 'ada-1', deadline: Date.now() + 5_000 }
}

/** A source that counts for ever, and says when it is closed. */
function counter(onClose: () => void): AsyncIterableIterator<object> {
  let count = 0
  const events: AsyncIterableIterator<object> = {
    [Symbol.asyncIterator]: () => events,
    next: async () => ({ done: false, value: { counted: ++count } }),
    async return() {
      onClose()
      return { done: true, value: undefined }
    },
  }
  return events
}

interface Loaders {
  readonly number: number
}

async function openCounting(): Promise<Subgraph & { readonly closed: Promise<void> }> {
  const closed = Promise.withResolvers<void>()
  let requests = 0
  const subgraph = await createSubgraph<Loaders>({
    name: 'counting',
    typeDefs: `type Query { here: Boolean }
      type Subscription { typed(n: Int!): Int counted: Int never: Int refused: Int }`,
    resolvers: {
      Subscription: {
        counted: {
          subscribe: () => counter(closed.resolve),
          resolve: ({ counted }: { counted: number }, _: unknown, { loaders }: { loaders: Loaders }) =>
            counted * 100 + loaders.number,
        },
        never: {
          subscribe: () => ({
            ...counter(closed.resolve),
            next: () => new Promise(() => {}),
            [Symbol.asyncIterator]() {
              return this
            },
          }),
        },
        refused: {
          subscribe() {
            throw new Fault('FORBIDDEN', 'Not for you.')
          },
        },
      },
    },
    loaders: () => ({ number: ++requests }),
    log: silentLog,
  })
  return { ...subgraph, closed: closed.promise }
}

async function listen(
  subgraph: Subgraph,
  query: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<AsyncIterator<SubgraphResponse>> {
  const told = await subgraph.subscribe?.({ query, context: context() }, signal)
  if (!told) throw new Error('Expected subscriptions.')
  return told[Symbol.asyncIterator]()
}

describe('subscriptions of a subgraph', () => {
  it('answer each event with loaders of its own', async () => {
    await using subgraph = await openCounting()
    const events = await listen(subgraph, 'subscription { counted }')
    expect((await events.next()).value).toEqual({ data: { counted: 102 } })
    expect((await events.next()).value).toEqual({ data: { counted: 203 } })
    await events.return?.()
    await subgraph.closed
  })

  it('end with the signal, also while nothing happens and before anybody listened', async () => {
    await using quiet = await openCounting()
    const leaving = new AbortController()
    const events = await listen(quiet, 'subscription { never }', leaving.signal)
    const waiting = events.next()
    leaving.abort()
    expect((await waiting).done).toBe(true)
    await quiet.closed
    await using unheard = await openCounting()
    await listen(unheard, 'subscription { counted }', AbortSignal.abort())
    await unheard.closed
  })

  it.each([
    ['subscription { refused }', 'FORBIDDEN'],
    ['subscription { gone }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['subscription ($n: Int!) { typed(n: $n) }', 'BAD_REQUEST'],
  ])('%s is refused with the code %s, once', async (query, code) => {
    await using subgraph = await openCounting()
    const events = await listen(subgraph, query)
    expect((await events.next()).value).toMatchObject({ errors: [{ extensions: { code } }] })
    expect((await events.next()).done).toBe(true)
  })

  it('are absent where the schema has none', async () => {
    await using plain = await createSubgraph({
      ...{ name: 'plain', typeDefs: 'type Query { here: Boolean }', resolvers: {} },
      ...{ loaders: () => undefined, log: silentLog },
    })
    expect(plain.subscribe).toBeUndefined()
  })
})

describe('a subgraph behind HTTP', () => {
  it('tells events to whoever the gateway signed for, and breaks them off when it is closed', async () => {
    await using subgraph = await openCounting()
    const server = await listenSubgraph(subgraph, { port: 0, secret, log: silentLog })
    const body = JSON.stringify({ query: 'subscription { never }' })
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const ask = (more: object) =>
      fetch(`${server.url}/graphql`, { method: 'POST', headers: { ...headers, ...more }, body })
    expect((await ask({})).status).toBe(401)
    const bound = { secret, audience: 'counting', bodySha256: bodySha256(body) }
    const answer = await ask({ 'stoa-context': await signContext(context(), bound) })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const broken = expect(answer.text()).rejects.toThrow('terminated')
    await server[Symbol.asyncDispose]()
    await broken
    await subgraph.closed
  })
})

import type { Socket } from 'node:net'
import { silentLog } from '@stoa/platform/log'
import type { RequestContext } from '@stoa/platform/subgraph'
import { bodyOf } from '../src/answer-response.ts'
import type { GraphAnswer } from '../src/options.ts'
import { createHttpSubgraphClient } from '../src/subgraph-client.http.ts'
import { openFixture, openPart, type PartOfGraph } from './fixture.ts'
import { serveRaw } from './raw-server.ts'

/** What goes over a connection in place of the right answer, whose body is given. */
export type Misbehaviour = (socket: Socket, body: string) => void

export interface HostileGraph extends AsyncDisposable {
  /** Within so many milliseconds. */
  ask(way: Way, query: string, ms: number): Promise<GraphAnswer>
  /** From now on `reviews` answers so; undefined: as it should. */
  behave(misbehaviour: Misbehaviour | undefined): void
}

/** How an operation is answered: by generated functions (as long as they can), or by the walk alone. */
export type Way = 'functions' | 'walk'

const parts: Readonly<Record<'catalog' | 'reviews', PartOfGraph>> = {
  catalog: {
    sdl: 'type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String }',
    resolvers: { Query: { product: () => ({ id: '1', name: 'Tee' }) } },
  },
  reviews: {
    sdl: `type Query { latest: [Review] }
      type Review { text: String stars: Int by: Somebody }
      union Somebody = Person | Shop
      type Person { name: String }
      type Shop { city: String }
      type Other { name: String }
      type Product @key(fields: "id") { id: ID! reviews: [Review] score: Int other: Other }`,
    resolvers: {
      Query: { latest: () => [review('Good.'), review('Bad.')] },
      Product: { reviews: () => [review('Fine.')], score: () => 7 },
    },
  },
}

function review(text: string): object {
  return { text, stars: 5, by: { __typename: 'Person', name: 'ada' } }
}

const ANSWER_BYTES = 262_144

/** `catalog` in this process, and `reviews` behind a connection on which anything may come. */
export async function openHostileGraph(): Promise<HostileGraph> {
  await using opening = new AsyncDisposableStack()
  let misbehaviour: Misbehaviour | undefined
  const subgraph = opening.use(await openPart('reviews', parts.reviews))
  const answer = async (socket: Socket, text: string): Promise<void> => {
    const asked = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))
    const body = JSON.stringify(await subgraph.execute({ ...asked, context }))
    if (misbehaviour) misbehaviour(socket, body)
    else socket.write(response(body))
  }
  const server = opening.use(
    await serveRaw((socket, { request }) => void answer(socket, server.asked[request - 1] ?? '')),
  )
  const { url } = server
  const open = async (compileAfter: number): Promise<(query: string, ms: number) => Promise<GraphAnswer>> => {
    const options = { name: 'reviews', url, log: silentLog, answerBytes: ANSWER_BYTES }
    const client = opening.use(createHttpSubgraphClient(options))
    const fixture = opening.use(
      await openFixture(parts, {
        compileAfter,
        wrap: (name, local) => (name === 'reviews' ? client : local),
      }),
    )
    return async (query, ms) => bodyOf(await fixture.gateway.execute({ query, deadline: Date.now() + ms }))
  }
  const ways = { functions: await open(0), walk: await open(Number.POSITIVE_INFINITY) }
  const opened = opening.move()
  return {
    ask: (way, query, ms) => ways[way](query, ms),
    behave(next) {
      misbehaviour = next
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** A whole response, by default as it should be. */
export function response(body: string | Buffer, head: Readonly<Record<string, string>> = {}): Buffer {
  const { status = '200 OK', ...headers } = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...head,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), Buffer.from(body)])
}

const context: RequestContext = {
  principal: { kind: 'anonymous' },
  market: '',
  language: '',
  correlationId: 'ada-1',
  deadline: Number.MAX_SAFE_INTEGER,
}

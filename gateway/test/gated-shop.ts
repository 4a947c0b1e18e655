import { once } from 'node:events'
import { createServer, type IncomingMessage, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@stoa/platform/clock'
import { invariant } from '@stoa/platform/invariant'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import { meros } from 'meros/node'
import { createGateway, type Gateway, type GatewayOptions } from '../src/gateway.ts'
import { createHttpSubgraphClient } from '../src/subgraph-client.http.ts'
import type { PartOfGraph } from './fixture.ts'
import type { AnswerPart } from './merge-parts.ts'
import { serveShop } from './served-shop.ts'

/** A gateway over subgraphs behind HTTP whose answers wait for the test. */
export interface GatedShop extends AsyncDisposable {
  readonly gateway: Gateway
  readonly supergraph: string
  /** Fields that were asked for, in the order in which subgraphs came to them. */
  readonly reached: readonly string[]
  /** Resolves when a subgraph has come to a field. */
  whenReached(field: string): Promise<void>
  /** Lets a field be answered, now and from then on. */
  open(...fields: readonly string[]): void
  /** The answers to all requests so far have been sent, or their clients are gone. */
  settled(): Promise<void>
  ask(query: string, more?: Asked): Promise<PartsOfAnswer>
}

interface Asked {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly accept?: string
}

/** An answer as it comes over the wire. */
export interface PartsOfAnswer {
  readonly type: string
  next(): Promise<AnswerPart>
  /** All that are still to come. */
  rest(): Promise<readonly AnswerPart[]>
  /** The client goes. */
  leave(): void
}

export interface Gates {
  /** Resolves with the value once the field is let through. */
  pass<T>(field: string, value: T): Promise<T>
}

export async function openGatedShop(
  partsWith: (gates: Gates) => Readonly<Record<string, PartOfGraph>>,
  options: Partial<GatewayOptions> = {},
): Promise<GatedShop> {
  await using opening = new AsyncDisposableStack()
  const reached: string[] = []
  const gates = createGates(reached)
  const parts = partsWith(gates)
  const shop = opening.use(await serveShop(parts))
  const clients = Object.entries(shop.urls).map(([name, url]) => {
    return [name, opening.use(createHttpSubgraphClient({ name, url, log: silentLog }))] as const
  })
  const supergraph = shop.supergraphOf(parts)
  const base = { clock: systemClock, random: seededRandom(1), log: silentLog, introspection: true }
  const gateway = opening.use(createGateway({ ...base, supergraph, subgraphs: new Map(clients), ...options }))
  const under: Promise<unknown>[] = []
  const server = createServer((request, response) => {
    under.push(once(response, 'close'))
    void gateway.handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opening.defer(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  opening.defer(() => server.closeAllConnections())
  opening.defer(() => gates.openAll())
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  const opened = opening.move()
  return {
    ...{ gateway, supergraph, reached, whenReached: gates.whenReached, open: gates.open },
    settled: async () => void (await Promise.all(under)),
    ask: (query, more = {}) => ask(port, query, more),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function ask(
  port: number,
  query: string,
  { variables, accept = ACCEPT }: Asked,
): Promise<PartsOfAnswer> {
  const headers = { 'content-type': 'application/json', accept }
  const sent = open({ host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers })
  sent.end(JSON.stringify({ query, variables }))
  const [response]: IncomingMessage[] = await once(sent, 'response')
  invariant(response, 'a response')
  const parts = partsOf(response)
  return {
    type: response.headers['content-type'] ?? '',
    async next() {
      const { value } = await parts.next()
      invariant(value, 'one more part')
      return value
    },
    rest: () => Array.fromAsync(parts),
    leave: () => void response.destroy(),
  }
}

const ACCEPT = 'multipart/mixed, application/graphql-response+json;q=0.9'

async function* partsOf(response: IncomingMessage): AsyncGenerator<AnswerPart, void, void> {
  const read = await meros<AnswerPart>(response)
  if (Symbol.asyncIterator in read && !('statusCode' in read)) {
    for await (const { json, body } of read) {
      if (!json) throw new Error(`Expected JSON in each part, got ${String(body)}.`)
      yield body
    }
  } else yield JSON.parse(Buffer.concat(await Array.fromAsync(response)).toString())
}

function createGates(
  reached: string[],
): Gates & Pick<GatedShop, 'whenReached' | 'open'> & { openAll(): void } {
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const arrivals = new Map<string, PromiseWithResolvers<void>>()
  let isOpen = false
  return {
    async pass(field, value) {
      reached.push(field)
      madeFor(arrivals, field).resolve()
      if (!isOpen) await madeFor(gates, field).promise
      return value
    },
    whenReached: (field) => madeFor(arrivals, field).promise,
    open(...fields) {
      for (const field of fields) madeFor(gates, field).resolve()
    },
    openAll() {
      isOpen = true
      for (const gate of gates.values()) gate.resolve()
    },
  }
}

function madeFor(all: Map<string, PromiseWithResolvers<void>>, field: string): PromiseWithResolvers<void> {
  const known = all.get(field)
  if (known) return known
  const made = Promise.withResolvers<void>()
  all.set(field, made)
  return made
}

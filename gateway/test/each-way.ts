import { setImmediate } from 'node:timers/promises'
import { systemClock } from '@stoa/platform/clock'
import { silentLog } from '@stoa/platform/log'
import { seededRandom } from '@stoa/platform/random'
import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { bodyOf } from '../src/answer-response.ts'
import { createGateway, type Gateway, type SubgraphClient } from '../src/gateway.ts'
import { composed } from './fixture.ts'

const sdl = {
  shop: `scalar Any
    enum Mood { GLAD SAD HIDDEN @inaccessible }
    interface Thing { id: ID! }
    type Tee implements Thing @key(fields: "id") { id: ID!, size: Int, owner: Owner }
    type Mug implements Thing @key(fields: "id") { id: ID!, volume: Float }
    type Owner @key(fields: "company { code } number") { company: Company, number: Any, name: String }
    type Company { code: String }
    type Query { things: [Thing], tee: Tee, constructor: String, any: Any, mood: Mood, id: ID, tags: [String!], on: Boolean }`,
  stock: `scalar Any
    type Tee @key(fields: "id") { id: ID!, left: Int, toString: String }
    type Owner @key(fields: "company { code } number") { company: Company, number: Any, town: String }
    type Company { code: String }`,
}

type Name = keyof typeof sdl

/** What subgraphs answer to the variables they are given: anything, whatever the types say. */
export type Answers = Readonly<Record<Name, (variables: unknown) => unknown>>

/** One graph behind gateways that walk, or have functions over objects, or over bytes. */
export interface EachWay extends AsyncDisposable {
  ask(selection: string, answers: Partial<Answers>): Promise<Told>
}

export interface Told {
  readonly walked: unknown
  readonly objects: unknown
  readonly bytes: unknown
}

export function openEachWay(): EachWay {
  let present = NOTHING
  let documents = 0
  const answer = (name: Name, variables: unknown): unknown => present[name](variables)
  const inProcess = clients((name) => inProcessClient(name, answer))
  const gateways = {
    walked: open(inProcess, Number.POSITIVE_INFINITY),
    objects: open(inProcess, 0),
    bytes: open(
      clients((name) => wiredClient(inProcessClient(name, answer))),
      0,
    ),
  }
  return {
    async ask(selection, answers) {
      present = { ...NOTHING, ...answers }
      documents += 1
      // An operation of its own: generated functions rest after a deviation.
      const query = `query Q${documents} ${selection}`
      const objects = bodyOf(await gateways.objects.execute({ query }))
      const walked = bodyOf(await gateways.walked.execute({ query }))
      return { objects, walked, bytes: bodyOf(await gateways.bytes.execute({ query })) }
    },
    async [Symbol.asyncDispose]() {
      for (const gateway of Object.values(gateways)) await gateway[Symbol.asyncDispose]()
    },
  }
}

const NOTHING: Answers = { shop: () => ({}), stock: () => ({}) }

function clients(make: (name: Name) => SubgraphClient): ReadonlyMap<string, SubgraphClient> {
  return new Map((['shop', 'stock'] as const).map((name) => [name, make(name)]))
}

function inProcessClient(name: Name, answer: (name: Name, variables: unknown) => unknown): SubgraphClient {
  return {
    async execute({ variables }) {
      await setImmediate()
      return answer(name, variables) as SubgraphResponse
    },
  }
}

/** The same as JSON without spaces. */
export function wiredClient(client: SubgraphClient): SubgraphClient {
  return {
    ...client,
    async exchange({ body, context }) {
      const asked = JSON.parse(Buffer.from(body, 'latin1').toString())
      return Buffer.from(JSON.stringify(await client.execute({ ...asked, context })) ?? '')
    },
  }
}

function open(subgraphs: ReadonlyMap<string, SubgraphClient>, compileAfter: number): Gateway {
  const supergraph = composed({ shop: { sdl: sdl.shop }, stock: { sdl: sdl.stock } })
  const ports = { clock: systemClock, random: seededRandom(1), log: silentLog }
  return createGateway({ ...ports, supergraph, subgraphs, compileAfter })
}

import { describe, expect, it } from '@jest/globals'
import DataLoader from 'dataloader'
import { Fault } from './fault.ts'
import type { LogFields } from './log.ts'
import { type Log, silentLog } from './log.ts'
import { seededRandom } from './random.ts'
import type { RequestContext, Subgraph } from './subgraph.ts'
import { createSubgraph } from './subgraph-server.ts'

const typeDefs = `
# file: subgraphs/catalog/schema.graphql
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
scalar BigInt
type Product @key(fields: "productId") { productId: String! name: String stock: BigInt }
type Query { hello(name: String): String fails(how: String!): String secret: Int! }
`

const context: RequestContext = {
  principal: { kind: 'customer', customerId: 'CU-ADA', scopes: [] },
  market: 'IT',
  language: 'it',
  correlationId: 'c-1',
  deadline: 2_000_000_000_000,
}

interface Loaders {
  readonly products: DataLoader<string, { productId: string; name: string; stock: number }>
}

const failures: Readonly<Record<string, () => never>> = {
  refusal: () => {
    throw new Fault('FORBIDDEN', 'Only operators may do this.')
  },
  fault: () => {
    throw new Fault('STORE_UNAVAILABLE', 'cannot open /var/lib/stoa/orders.db on 10.0.0.7')
  },
  bug: () => {
    throw new TypeError('cannot read properties of undefined')
  },
}

function open(log: Log = silentLog, batches: (readonly string[])[] = []): Promise<Subgraph> {
  return createSubgraph<Loaders>({
    name: 'catalog',
    typeDefs,
    log,
    random: seededRandom(1),
    loaders: () => ({
      products: new DataLoader(async (ids) => {
        batches.push(ids)
        return ids.map((productId) => ({ productId, name: `Tee ${productId}`, stock: 3 }))
      }),
    }),
    resolvers: {
      Query: {
        hello: (_: unknown, args: { name?: string }, { request }) => `${args.name} in ${request.market}`,
        fails: (_: unknown, args: { how: string }) => failures[args.how]?.(),
        secret: () => 'not a number',
      },
      Product: {
        __resolveReference: ({ productId }: { productId: string }, { loaders }: { loaders: Loaders }) =>
          loaders.products.load(productId),
      },
    },
  })
}

describe('createSubgraph', () => {
  it('answers with variables and the request of the caller', async () => {
    await using subgraph = await open()
    const query = 'query Hello($name: String) { hello(name: $name) }'
    const response = await subgraph.execute({ query, variables: { name: 'ada' }, context })
    expect(response).toEqual({ data: { hello: 'ada in IT' } })
  })

  it('resolves a page of references in one batch', async () => {
    const batches: (readonly string[])[] = []
    await using subgraph = await open(silentLog, batches)
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { name stock } } }'
    const r = ['P-1', 'P-2'].map((productId) => ({ __typename: 'Product', productId }))
    const response = await subgraph.execute({ query, variables: { r }, context })
    expect(response.data?.['_entities']).toEqual([
      { name: 'Tee P-1', stock: '3' },
      { name: 'Tee P-2', stock: '3' },
    ])
    expect(batches).toEqual([['P-1', 'P-2']])
  })

  it('shows a fault that was written for the caller', async () => {
    await using subgraph = await open()
    const response = await subgraph.execute({ query: '{ fails(how: "refusal") }', context })
    expect(response.errors).toEqual([
      { message: 'Only operators may do this.', path: ['fails'], extensions: { code: 'FORBIDDEN' } },
    ])
  })

  it('hides where a store stands, and logs it under the error id', async () => {
    const lines: LogFields[] = []
    await using subgraph = await open({ ...silentLog, error: (fields) => lines.push(fields) })
    const response = await subgraph.execute({ query: '{ fails(how: "fault") }', context })
    expect(JSON.stringify(response)).not.toMatch(/stoa|10\.0/)
    const [error] = response.errors ?? []
    expect(error?.extensions?.['code']).toBe('STORE_UNAVAILABLE')
    expect(lines[0]).toMatchObject({
      errorId: error?.extensions?.['errorId'],
      correlationId: 'c-1',
      path: 'fails',
    })
    expect(String(lines[0]?.['err'])).toContain('/var/lib/stoa/orders.db')
  })

  it.each(['{ fails(how: "bug") }', '{ secret }'])(
    'answers a bug with INTERNAL and nothing of it: %s',
    async (query) => {
      await using subgraph = await open()
      const [error] = (await subgraph.execute({ query, context })).errors ?? []
      expect(error?.extensions?.['code']).toBe('INTERNAL')
      expect(JSON.stringify(error)).not.toMatch(/undefined|stack|number/)
    },
  )

  it('says what is wrong with an operation', async () => {
    await using subgraph = await open()
    const code = async (query: string, variables = {}) =>
      (await subgraph.execute({ query, variables, context })).errors?.[0]?.extensions?.['code']
    expect(await code('{ nothing }')).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await code('{')).toBe('GRAPHQL_PARSE_FAILED')
    expect(await code('query ($n: String!) { hello(name: $n) }')).toBe('BAD_REQUEST')
  })

  it('closes what it was given to close', async () => {
    const closed: string[] = []
    const close = async () => void closed.push('catalog')
    const subgraph = await createSubgraph({
      name: 'catalog',
      typeDefs,
      resolvers: {},
      loaders: () => ({}),
      log: silentLog,
      close,
    })
    await subgraph[Symbol.asyncDispose]()
    expect(closed).toEqual(['catalog'])
  })
})

describe('a schema that does not stand', () => {
  const parts = { name: 'catalog', loaders: () => ({}), log: silentLog }

  it('is refused with its file and line', async () => {
    const broken = typeDefs.replace('type Query {', 'type Query {{')
    const opening = createSubgraph({ ...parts, typeDefs: broken, resolvers: {} })
    await expect(opening).rejects.toThrow(
      /^Subgraph catalog: Syntax Error.*\(subgraphs\/catalog\/schema.graphql:4\)$/,
    )
  })

  it('is refused when a resolver has no field', async () => {
    const opening = createSubgraph({ ...parts, typeDefs, resolvers: { Query: { helo: () => '' } } })
    await expect(opening).rejects.toThrow('"Query.helo", which the schema does not declare')
  })
})

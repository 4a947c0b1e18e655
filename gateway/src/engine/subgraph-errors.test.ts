import { describe, expect, it } from '@jest/globals'
import { Fault } from '@stoa/platform/fault'
import type { SubgraphResponse } from '@stoa/platform/subgraph'
import { openFixture, type PartOfGraph } from '../../test/fixture.ts'
import { type Ref, shop, withProductField } from '../../test/small-shop.ts'
import type { SubgraphClient } from '../options.ts'

/** The shop with something else in the reviews' place. */
function withReviews(execute: SubgraphClient['execute']): Parameters<typeof openFixture>[1] {
  return { wrap: (name, client) => (name === 'reviews' ? { execute } : client) }
}

const query = '{ product(id: 1) { name n: reviews { text } shipping } }'

describe('a subgraph that says what is wrong', () => {
  it('is quoted where the client asked, aliased and in lists, with its code', async () => {
    const shipping = ({ id }: Ref): number => {
      if (id === '2') throw new Fault('FORBIDDEN', 'Not for you.')
      return 7
    }
    await using fixture = await openFixture(withProductField('shipping', shipping))
    expect(await fixture.ask('{ latest { p: product { s: shipping } } }')).toEqual({
      data: { latest: [{ p: { s: 7 } }, { p: { s: null } }, { p: { s: 7 } }] },
      errors: [{ message: 'Not for you.', path: ['latest', 1, 'p', 's'], extensions: { code: 'FORBIDDEN' } }],
    })
  })

  it('is not quoted when nobody meant its words to be read', async () => {
    const answer: SubgraphResponse = {
      data: { _entities: [{ reviews: null, shipping: 1 }] },
      errors: [
        {
          message: 'SELECT * FROM reviews@10.0.0.7 failed',
          path: ['_entities', 0, 'n'],
          extensions: { stacktrace: ['x'] },
        },
      ],
    }
    await using fixture = await openFixture(
      shop,
      withReviews(async () => answer),
    )
    const { errors } = await fixture.ask(query)
    expect(errors).toMatchObject([{ path: ['product', 'n'], extensions: { code: 'SUBGRAPH_FAILED' } }])
    expect(JSON.stringify(errors)).not.toMatch(/SELECT|10\.0|stack/)
  })

  it('explains each missing field when its error has no place', async () => {
    const answer: SubgraphResponse = {
      errors: [{ message: 'Closed on Sundays.', extensions: { code: 'CLOSED' } }],
    }
    await using fixture = await openFixture(
      shop,
      withReviews(async () => answer),
    )
    expect(await fixture.ask(query)).toEqual({
      data: { product: { name: 'Tee', n: null, shipping: null } },
      errors: ['n', 'shipping'].map((key) => ({
        message: 'Closed on Sundays.',
        path: ['product', key],
        extensions: { code: 'CLOSED' },
      })),
    })
  })

  it('is quoted at the object when only the plan asked for the field', async () => {
    await using fixture = await openFixture(shop, {
      wrap: (name, client) =>
        name === 'reviews'
          ? client
          : {
              execute: async (request) => ({
                ...(await client.execute(request)),
                errors: [
                  { message: 'No scales.', path: ['product', 'weight'], extensions: { code: 'SCALES' } },
                ],
              }),
            },
    })
    const { errors } = await fixture.ask('{ product(id: 1) { shipping } }')
    expect(errors).toEqual([{ message: 'No scales.', path: ['product'], extensions: { code: 'SCALES' } }])
  })
})

describe('a subgraph that answers nonsense', () => {
  const nonsense: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['text', 'hello'],
    ['a list', []],
    ['an empty object', {}],
    ['data that is text', { data: 'x' }],
    ['errors that are no list', { errors: { message: 'x' } }],
    ['entities that are no list', { data: { _entities: {} } }],
    ['fewer entities than asked for', { data: { _entities: [] } }],
  ]
  it.each(nonsense)('such as %s costs only its own fields', async (_what, answer) => {
    // What a network may bring is not what the type promises.
    await using fixture = await openFixture(
      shop,
      withReviews(async () => answer as SubgraphResponse),
    )
    const { data, errors } = await fixture.ask(query)
    expect(data).toEqual({ product: { name: 'Tee', n: null, shipping: null } })
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['product', 'n'], 'SUBGRAPH_INVALID'],
      [['product', 'shipping'], 'SUBGRAPH_INVALID'],
    ])
  })

  it('such as values of other types is told field by field', async () => {
    const entity = { n: 'many', shipping: 1.5 }
    await using fixture = await openFixture(
      shop,
      withReviews(async () => ({ data: { _entities: [entity] } })),
    )
    const { data, errors } = await fixture.ask(query)
    expect(data).toEqual({ product: { name: 'Tee', n: null, shipping: null } })
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['product', 'n'], 'VALUE_INVALID'],
      [['product', 'shipping'], 'VALUE_INVALID'],
    ])
  })

  it('such as keys that reach a prototype changes nothing', async () => {
    const data = JSON.parse(
      '{"_entities":[{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"n":[],"shipping":1}]}',
    )
    await using fixture = await openFixture(
      shop,
      withReviews(async () => ({ data })),
    )
    expect(await fixture.ask(query)).toEqual({ data: { product: { name: 'Tee', n: [], shipping: 1 } } })
    expect('polluted' in {}).toBe(false)
  })
})

describe('a subgraph that does not answer', () => {
  it('costs only its own fields', async () => {
    const execute = (): never => {
      throw new Fault('UPSTREAM_UNAVAILABLE', 'reviews at 10.0.0.7 cannot be reached')
    }
    await using fixture = await openFixture(shop, withReviews(execute))
    const { data, errors } = await fixture.ask('{ products { name reviews { id } } }')
    expect(data).toEqual({
      products: [
        { name: 'Tee', reviews: null },
        { name: 'Mug', reviews: null },
      ],
    })
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['products', 0, 'reviews'], 'SUBGRAPH_UNAVAILABLE'],
      [['products', 1, 'reviews'], 'SUBGRAPH_UNAVAILABLE'],
    ])
    expect(JSON.stringify(errors)).not.toContain('10.0')
  })

  it('is named inside an object that another subgraph tells the rest of', async () => {
    const half = (field: string): PartOfGraph => ({
      sdl: `type Query { box: Box @shareable } type Box @shareable { ${field}: Int }`,
      resolvers: { Query: { box: () => ({ [field]: 1 }) } },
    })
    await using fixture = await openFixture(
      { whole: half('x'), broken: half('y') },
      {
        wrap: (name, client) =>
          name === 'broken' ? { execute: () => Promise.reject(new Error('boom')) } : client,
      },
    )
    const { data, errors } = await fixture.ask('{ box { x y } }')
    expect(data).toEqual({ box: { x: 1, y: null } })
    expect(errors).toMatchObject([{ path: ['box', 'y'], extensions: { code: 'SUBGRAPH_FAILED' } }])
    expect(errors).toHaveLength(1)
  })

  it('is not waited for beyond the deadline, and neither is what follows from it', async () => {
    await using fixture = await openFixture(shop, {
      limits: { deadlineMs: 40 },
      wrap: (name, client) => (name === 'catalog' ? { execute: () => new Promise(() => {}) } : client),
    })
    const { data, errors } = await fixture.ask('{ latest { product { name shipping } } }')
    expect(data).toEqual({
      latest: Array.from({ length: 3 }, () => ({ product: { name: null, shipping: null } })),
    })
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['SUBGRAPH_TIMEOUT']))
    expect(errors).toHaveLength(6)
  })

  it('takes the whole answer with it only where the schema demands a value', async () => {
    await using fixture = await openFixture(
      shop,
      withReviews(() => Promise.reject(new Error('boom'))),
    )
    const { data, errors } = await fixture.ask('{ latest { id } products { name } }')
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ path: ['latest'], extensions: { code: 'SUBGRAPH_FAILED' } }])
  })
})

describe('a subgraph that is down behind fields that cannot be null', () => {
  const stars = {
    catalog: {
      sdl: 'type Query { top: [Product!]! } type Product @key(fields: "id") { id: ID! }',
      resolvers: { Query: { top: () => [{ id: '1' }] } },
    },
    reviews: {
      sdl: `type Query { reviews: [Review!]! } type Review { stars: Int! }
        type Product @key(fields: "id") { id: ID! reviews: [Review!]! }`,
    },
  }
  const down = withReviews(async () => {
    throw new Fault('UPSTREAM_UNAVAILABLE', 'Down.')
  })

  it.each([
    ['{ top { id r: reviews { stars } } all: reviews { stars } }', [['top', 0, 'r'], ['all']]],
    ['{ all: reviews { stars } top { id r: reviews { stars } } }', [['all'], ['top', 0, 'r']]],
  ])('gives each error of %s its path, though one null takes all', async (document, paths) => {
    await using fixture = await openFixture(stars, down)
    const { data, errors } = await fixture.ask(document)
    expect(data).toBeNull()
    expect(errors?.map(({ path }) => path)).toEqual(paths)
  })
})

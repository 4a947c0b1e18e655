import { describe, expect, it } from '@jest/globals'
import { type Fixture, openFixture } from '../../test/fixture.ts'
import type { Ref } from '../../test/small-shop.ts'

type Told = Ref & Readonly<Record<string, number>>

/** `products` are found in one subgraph, `related` of them in the one that works out `shipping` from weights. */
function openShop(): Promise<Fixture> {
  const weight = ({ id }: Ref, { unit = 1 }: { unit?: number }): number => Number(id) * 100 * unit
  return openFixture({
    list: {
      sdl: 'type Query { products: [Product!]! } type Product @key(fields: "id") { id: ID! }',
      resolvers: { Query: { products: () => [{ id: '1' }, { id: '2' }] } },
    },
    catalog: {
      sdl: 'type Product @key(fields: "id") { id: ID! name: String weight(unit: Int = 1): Int }',
      resolvers: { Product: { __resolveReference: ({ id }: Ref) => ({ id, name: `P${id}` }), weight } },
    },
    shipping: {
      sdl: `type Product @key(fields: "id") { id: ID! weight(unit: Int = 1): Int @external related: [Product!]
        grams: Int @requires(fields: "weight(unit: 1)") kilos: Int @requires(fields: "weight(unit: 1000)") }`,
      resolvers: {
        Product: {
          related: ({ id }: Ref) => [{ id: `${Number(id) + 1}` }],
          grams: (told: Told) => told['weight'],
          kilos: (told: Told) => told['weight'],
        },
      },
    },
  })
}

/** `all` finds items by their types, `rated` knows only that they are items. */
function openItems(): Promise<Fixture> {
  const items = ['Book', 'Film', 'Song'].map((__typename, i) => ({
    ...{ __typename, id: `${i}`, title: `${__typename} ${i}` },
  }))
  const fields = 'implements Item @key(fields: "id") { id: ID! title: String }'
  return openFixture({
    items: {
      sdl: `type Query { all: [Item] } interface Item @key(fields: "id") { id: ID! title: String }
        type Book ${fields} type Film ${fields} type Song ${fields}`,
      resolvers: {
        Query: { all: () => items },
        Item: { __resolveReference: ({ id }: Ref) => items[Number(id)] },
      },
    },
    ratings: {
      sdl: `type Query { rated: [Item] } type Item @key(fields: "id") @interfaceObject {
        id: ID! title: String @external stars(of: Int = 5): Int shout: String @requires(fields: "title") }`,
      resolvers: {
        Query: { rated: () => items.map(({ id }) => ({ id })) },
        Item: {
          stars: (_: unknown, { of }: { of: number }) => of,
          shout: ({ title }: { title: string }) => `${title.toUpperCase()}!`,
        },
      },
    },
  })
}

describe('a plan is right', () => {
  it('when a client gives the name of a key or a requirement to something else', async () => {
    await using shop = await openShop()
    const answer = await shop.ask('{ products { id: name weight: kilos grams } }')
    expect(answer).toEqual({
      data: {
        products: [
          { id: 'P1', weight: 100_000, grams: 100 },
          { id: 'P2', weight: 200_000, grams: 200 },
        ],
      },
    })
  })

  it('when it leads from one entity to others whose fields the same subgraph works out', async () => {
    await using shop = await openShop()
    const { data } = await shop.ask(
      'query ($unit: Int) { products { related { kilos name weight(unit: $unit) } } }',
      {
        unit: 2,
      },
    )
    const related = [2, 3].map((n) => ({ related: [{ kilos: n * 100_000, name: `P${n}`, weight: n * 200 }] }))
    expect(data).toEqual({ products: related })
  })

  it('when several types have a required field of one name and of different types', async () => {
    const told = ({ count }: { count: unknown }): string => JSON.stringify(count)
    await using fixture = await openFixture({
      list: {
        sdl: `type Query { all: [Thing] } interface Thing { id: ID! }
          type Box implements Thing @key(fields: "id") { id: ID! } type Bag implements Thing @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { all: () => ['Box', 'Bag'].map((__typename) => ({ __typename, id: '1' })) } },
      },
      counts: {
        sdl: 'type Box @key(fields: "id") { id: ID! count: Int! } type Bag @key(fields: "id") { id: ID! count: [Int] }',
        resolvers: { Box: { count: () => 7 }, Bag: { count: () => [7, null] } },
      },
      labels: {
        sdl: `type Box @key(fields: "id") { id: ID! count: Int! @external told: String @requires(fields: "count") }
          type Bag @key(fields: "id") { id: ID! count: [Int] @external told: String @requires(fields: "count") }`,
        resolvers: { Box: { told }, Bag: { told } },
      },
    })
    const { data, errors } = await fixture.ask('{ all { ... on Box { told } ... on Bag { told } } }')
    expect(errors).toBeUndefined()
    expect(data).toEqual({ all: [{ told: '7' }, { told: '[7,null]' }] })
  })

  it('when a variable has the name that the planner gives to its own', async () => {
    await using shop = await openShop()
    const query = 'query ($representations: Int) { products { weight(unit: $representations) } }'
    const { data } = await shop.ask(query, { representations: 3 })
    expect(data).toEqual({ products: [{ weight: 300 }, { weight: 600 }] })
  })

  const asked: readonly (readonly [string, string, object])[] = [
    [
      'the same field of several types',
      '{ rated { ... on Book { stars } ... on Film { stars } } }',
      [{ stars: 5 }, { stars: 5 }, {}],
    ],
    [
      'one field of several types with other arguments',
      '{ all { ... on Book { stars(of: 3) } ... on Film { stars(of: 7) } } }',
      [{ stars: 3 }, { stars: 7 }, {}],
    ],
    [
      'what some types alone require',
      '{ all { stars ... on Book { shout } ... on Film { a: shout title } } }',
      [{ stars: 5, shout: 'BOOK 0!' }, { stars: 5, a: 'FILM 1!', title: 'Film 1' }, { stars: 5 }],
    ],
    [
      'what several types require, found without their types',
      '{ rated { ... on Song { shout } ... on Film { shout stars } } }',
      [{}, { shout: 'FILM 1!', stars: 5 }, { shout: 'SONG 2!' }],
    ],
  ]
  it.each(asked)('for an interface that a subgraph knows as one type: %s', async (_, query, expected) => {
    await using items = await openItems()
    const { data, errors } = await items.ask(query)
    expect(errors).toBeUndefined()
    expect(Object.values(data ?? {})).toEqual([expected])
  })
})

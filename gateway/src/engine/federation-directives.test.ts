import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../../test/fixture.ts'
import type { Ref } from '../../test/small-shop.ts'

describe('a directive of federation', () => {
  it('hides what is inaccessible, also in values that arrive', async () => {
    await using fixture = await openFixture({
      a: {
        sdl: `type Query { shirts: [Shirt] any: [Any] } type Shirt { size: Size secret: String @inaccessible }
          enum Size { S M @inaccessible } union Any = Shirt | Hidden type Hidden @inaccessible { x: Int }`,
        resolvers: {
          Query: {
            shirts: () => [{ size: 'S' }, { size: 'M' }],
            any: () => [
              { __typename: 'Hidden', x: 1 },
              { __typename: 'Shirt', size: 'S' },
            ],
          },
        },
      },
    })
    const answer = await fixture.ask(
      '{ shirts { size } any { __typename } __type(name: "Shirt") { fields { name } } }',
    )
    expect(answer.data).toEqual({
      shirts: [{ size: 'S' }, { size: null }],
      any: [null, { __typename: 'Shirt' }],
      __type: { fields: [{ name: 'size' }] },
    })
    expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['shirts', 1, 'size'], 'VALUE_INVALID'],
      [['any', 0], 'VALUE_INVALID'],
    ])
    expect(JSON.stringify(answer.errors)).not.toMatch(/Hidden|"M"/)
    expect((await fixture.ask('{ shirts { secret } }')).errors?.[0]?.extensions.code).toBe('DOCUMENT_INVALID')
  })

  it('brings directives of the authors into the supergraph, and clients see the fields alone', async () => {
    const audit = `extend schema @link(url: "https://example.com/audit/v1.0", import: ["@audit"])
      @composeDirective(name: "@audit")
      directive @audit(by: String!) on FIELD_DEFINITION | OBJECT`
    await using fixture = await openFixture({
      a: {
        sdl: `${audit} type Query { till: Till } type Till @key(fields: "id") @audit(by: "cleo") { id: ID! }`,
        resolvers: { Query: { till: () => ({ id: 't-1' }) } },
      },
      b: {
        sdl: 'type Till @key(fields: "id") { id: ID! cash: Int }',
        resolvers: { Till: { __resolveReference: ({ id }: Ref) => ({ id, cash: 40 }) } },
      },
    })
    expect(fixture.supergraph).toContain('@audit(by: "cleo")')
    const { data } = await fixture.ask('{ till { id cash } __schema { directives { name } } }')
    expect(data).toMatchObject({ till: { id: 't-1', cash: 40 } })
    expect(JSON.stringify(data)).not.toContain('audit')
  })

  it('takes a field from where it was moved to', async () => {
    await using fixture = await openFixture({
      old: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! price: Int stock: Int }',
        resolvers: { Query: { item: () => ({ id: '1', price: 1, stock: 1 }) } },
      },
      fresh: {
        sdl: 'type Item @key(fields: "id") { id: ID! price: Int @override(from: "old") }',
        resolvers: { Item: { __resolveReference: ({ id }: Ref) => ({ id, price: 2 }) } },
      },
    })
    expect((await fixture.ask('{ item { price stock } }')).data).toEqual({ item: { price: 2, stock: 1 } })
  })

  it('uses what a path provides instead of asking its owner', async () => {
    await using fixture = await openFixture({
      users: {
        sdl: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String @shareable }',
        resolvers: { Query: { me: () => ({ id: '1', name: 'ada' }) } },
      },
      posts: {
        sdl: `type Query { post: Post @provides(fields: "author { name }") } type Post { author: User }
          type User @key(fields: "id") { id: ID! name: String @external }`,
        resolvers: { Query: { post: () => ({ author: { id: '1', name: 'ada' } }) } },
      },
    })
    expect((await fixture.ask('{ post { author { name } } }')).data).toEqual({
      post: { author: { name: 'ada' } },
    })
    expect(fixture.asked.map(({ subgraph }) => subgraph)).toEqual(['posts'])
  })

  it('merges halves of one value that several subgraphs share', async () => {
    await using fixture = await openFixture({
      a: {
        sdl: 'type Query { box: Box @shareable } type Box { x: Int list: [Cell] @shareable } type Cell @shareable { a: Int }',
        resolvers: { Query: { box: () => ({ x: 1, list: [{ a: 1 }, null] }) } },
      },
      b: {
        sdl: 'type Query { box: Box @shareable } type Box { y: Int list: [Cell] @shareable } type Cell @shareable { a: Int }',
        resolvers: { Query: { box: () => ({ y: 2, list: [{ a: 1 }, null] }) } },
      },
    })
    expect((await fixture.ask('{ box { y list { a } x } }')).data).toEqual({
      box: { y: 2, list: [{ a: 1 }, null], x: 1 },
    })
  })

  it('gives one response key back to two types that a subgraph could not let share it', async () => {
    await using fixture = await openFixture({
      a: {
        sdl: `type Query { things: [Thing] } union Thing = Cup | Pot
          type Cup @key(fields: "id") { id: ID! size: Int! @shareable } type Pot { height: Int }`,
        resolvers: {
          Query: {
            things: () => [
              { __typename: 'Cup', id: '1', size: 1 },
              { __typename: 'Pot', height: 2 },
            ],
          },
        },
      },
      b: { sdl: 'type Cup @key(fields: "id") { id: ID! size: Int @shareable }' },
    })
    const query = '{ things { ... on Cup { x: size } ... on Pot { x: height } } }'
    expect(await fixture.ask(query)).toEqual({ data: { things: [{ x: 1 }, { x: 2 }] } })
    expect(fixture.asked[0]?.request.query).toContain('x_1: height')
  })

  it('finds entities in lists of lists and by nested keys', async () => {
    await using fixture = await openFixture({
      a: {
        sdl: 'type Query { grid: [[Cell!]]! } type Cell @key(fields: "at { x y }") { at: Point! } type Point @shareable { x: Int! y: Int! }',
        resolvers: {
          Query: {
            grid: () => [[{ at: { x: 1, y: 2 } }], null, [{ at: { x: 3, y: 4 } }, { at: { x: 5, y: 6 } }]],
          },
        },
      },
      b: {
        sdl: 'type Cell @key(fields: "at { x y }") { at: Point! @external sum: Int! } type Point @shareable { x: Int! y: Int! }',
        resolvers: { Cell: { sum: ({ at }: { at: { x: number; y: number } }) => at.x + at.y } },
      },
    })
    expect((await fixture.ask('{ grid { sum } }')).data).toEqual({
      grid: [[{ sum: 3 }], null, [{ sum: 7 }, { sum: 11 }]],
    })
  })

  it('does not ask for an entity whose owner does not know it', async () => {
    await using fixture = await openFixture({
      a: {
        sdl: 'type Query { cup: Cup } type Cup @key(fields: "upc") { upc: ID! }',
        resolvers: { Query: { cup: () => ({ upc: '1' }) } },
      },
      b: {
        sdl: 'type Cup @key(fields: "upc") @key(fields: "id") { upc: ID! id: ID! }',
        resolvers: { Cup: { __resolveReference: () => null } },
      },
      c: { sdl: 'type Cup @key(fields: "id") { id: ID! maker: String }' },
    })
    expect(await fixture.ask('{ cup { upc maker } }')).toEqual({ data: { cup: { upc: '1', maker: null } } })
    expect(fixture.asked.map(({ subgraph }) => subgraph)).toEqual(['a', 'b'])
  })
})

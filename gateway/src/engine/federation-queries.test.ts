import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'

const cases: readonly (readonly [title: string, query: string, data: object])[] = [
  [
    'joins an entity of another subgraph by its key',
    '{ products { name reviews(first: 1) { id } } }',
    {
      products: [
        { name: 'Tee', reviews: [{ id: 'r-1' }] },
        { name: 'Mug', reviews: [{ id: 'r-2' }] },
      ],
    },
  ],
  [
    'goes round a circle of entities',
    '{ latest { product { name reviews(first: 1) { product { name } } } } }',
    {
      latest: ['Tee', 'Mug', 'Tee'].map((name) => ({ product: { name, reviews: [{ product: { name } }] } })),
    },
  ],
  [
    'gives a field what it requires, nested and null included, under any alias',
    '{ products { a: shipping b: shipping(express: true) } }',
    {
      products: [
        { a: 202, b: 402 },
        { a: 400, b: 800 },
      ],
    },
  ],
  [
    'keeps two uses of one field with other arguments apart',
    '{ product(id: 1) { one: reviews(first: 1) { id } two: reviews(first: 2) { id } } }',
    { product: { one: [{ id: 'r-1' }], two: [{ id: 'r-1' }, { id: 's-1' }] } },
  ],
  [
    'answers unions by type, with fields of other subgraphs',
    '{ things { __typename ... on Product { name shipping } ... on Book { pages stars } } }',
    {
      things: [
        { __typename: 'Product', name: 'Tee', shipping: 202 },
        { __typename: 'Book', pages: 600, stars: 2 },
      ],
    },
  ],
  [
    'adds fields of an interface object to every implementation',
    '{ media(id: "b1") { title stars ... on Book { pages } ... on Film { minutes } } }',
    { media: { title: 'Dune', stars: 2, pages: 600 } },
  ],
  [
    'answers introspection beside data, aliased and in fragments',
    '{ t: __type(name: "Dims") { fields { name } } __typename product(id: 2) { name __typename } ...F } fragment F on Query { __schema { queryType { name } } }',
    {
      t: { fields: [{ name: 'w' }, { name: 'h' }] },
      __typename: 'Query',
      product: { name: 'Mug', __typename: 'Product' },
      __schema: { queryType: { name: 'Query' } },
    },
  ],
  ['answers null for what is not there', '{ product(id: 9) { name reviews { id } } }', { product: null }],
  [
    'puts fields in the order of the document, merged through fragments',
    '{ product(id: 1) { ...A name ... on Product { id reviews(first: 1) { id } } } } fragment A on Product { weight reviews(first: 1) { text } }',
    { product: { weight: 200, reviews: [{ text: 'text of r-1', id: 'r-1' }], name: 'Tee', id: '1' } },
  ],
]

describe('a federated graph', () => {
  it.each(cases)('%s', async (_title, query, data) => {
    await using fixture = await openFixture(shop)
    const answer = await fixture.ask(query)
    expect(answer.errors).toBeUndefined()
    expect(JSON.stringify(answer.data)).toBe(JSON.stringify(data))
  })

  it('asks for an entity once, however often it stands in the answer', async () => {
    await using fixture = await openFixture(shop)
    await fixture.ask('{ latest { product { name } } }')
    expect(fixture.asked.map(({ subgraph }) => subgraph)).toEqual(['reviews', 'catalog'])
    expect(fixture.asked[1]?.request.variables).toEqual({
      representations: [
        { __typename: 'Product', id: '1' },
        { __typename: 'Product', id: '2' },
      ],
    })
  })

  it('leaves out what @skip and @include leave out, at every level, and does not fetch for it', async () => {
    await using fixture = await openFixture(shop)
    const query = `query($yes: Boolean!, $no: Boolean!) {
      products @skip(if: $yes) { name } product(id: 1) { name @include(if: $no) ...R @skip(if: $yes) ... @include(if: $yes) { sku } } }
      fragment R on Product { reviews { id } }`
    expect((await fixture.ask(query, { yes: true, no: false })).data).toEqual({ product: { sku: 'TEE' } })
    expect(fixture.asked.map(({ subgraph }) => subgraph)).toEqual(['catalog'])
  })

  it('sends only variables that a subgraph uses, coerced and with defaults', async () => {
    await using fixture = await openFixture(shop)
    const query = 'query($id: ID!, $first: Int = 1) { product(id: $id) { reviews(first: $first) { id } } }'
    expect((await fixture.ask(query, { id: 1 })).data).toEqual({ product: { reviews: [{ id: 'r-1' }] } })
    expect(fixture.asked.map(({ request }) => Object.keys(request.variables ?? {}).sort())).toEqual([
      ['id'],
      ['first', 'representations'],
    ])
    expect(fixture.asked[0]?.request.variables).toEqual({ id: '1' })
  })
})

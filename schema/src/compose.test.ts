import { describe, expect, it } from '@jest/globals'
import { buildSchema, isObjectType } from 'graphql'
import { composeSupergraph } from './compose.ts'
import { joinTypeDefs } from './sdl.ts'

const catalog = `type Query {
  product(productId: String!): Product
}

type Product @key(fields: "productId") {
  productId: String!
  price: Money
}
`
const inventory = `type Product @key(fields: "productId") {
  productId: String!
  inStock: Int
}
`

function compose(parts: Readonly<Record<string, string>>): ReturnType<typeof composeSupergraph> {
  const sources = Object.entries(parts).map(([name, own]) => {
    return { name, sdl: joinTypeDefs(own, `subgraphs/${name}/schema.graphql`) }
  })
  return composeSupergraph(sources)
}

describe('composeSupergraph', () => {
  it('makes one graph out of its parts, the shared types only once', () => {
    const result = compose({ catalog, inventory })
    const api = buildSchema(result.ok ? result.value.api : '')
    const product = api.getType('Product')
    const names = isObjectType(product) ? Object.keys(product.getFields()) : []
    expect(names.toSorted()).toEqual(['inStock', 'price', 'productId'])
    expect(result.ok && result.value.supergraph).toContain('@join__type(graph: INVENTORY, key: "productId")')
  })

  it('says which fields a subgraph that knows an interface as one type has to be told', () => {
    const link = (names: string): string =>
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names}])\n`
    const media = `${link('"@key"')}type Query { all: [Media] } interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String }`
    const reviews = `${link('"@key", "@interfaceObject", "@external", "@requires"')}
      type Media @key(fields: "id") @interfaceObject {
        id: ID! title: String @external shout: String @requires(fields: "title") }`
    const result = composeSupergraph([
      { name: 'media', sdl: media },
      { name: 'reviews', sdl: reviews },
    ])
    expect(result.ok && result.value.supergraph).toContain(
      'title: String @join__field(graph: MEDIA) @join__field(graph: REVIEWS, external: true)',
    )
  })

  it('refuses arguments that are filled from a context, which no plan would fill', () => {
    const link =
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@context", "@fromContext"])'
    const sdl = `${link}
      type Query { user: User }
      type User @key(fields: "id") @context(name: "user") { id: ID! currency: String account: Account }
      type Account @key(fields: "id") {
        id: ID!
        balance(currency: String @fromContext(field: "$user { currency }")): Int
      }`
    expect(composeSupergraph([{ name: 'bank', sdl, file: 'bank.graphql' }])).toMatchObject({
      ok: false,
      error: [
        {
          ...{ code: 'CONTEXT_NOT_SUPPORTED', subgraph: 'bank', line: 6 },
          message: '"Account.balance" takes an argument by @fromContext, which is not supported.',
          hint: expect.stringContaining('@requires'),
        },
      ],
    })
    const without = sdl.replace('@fromContext(field: "$user { currency }")', '')
    expect(composeSupergraph([{ name: 'bank', sdl: without }]).ok).toBe(true)
  })

  it('names file and line of a syntax error, counted in the subgraph’s own file', () => {
    const result = compose({ catalog, inventory: inventory.replace('inStock: Int', 'inStock Int') })
    expect(result).toMatchObject({
      ok: false,
      error: [
        { code: 'SYNTAX_ERROR', subgraph: 'inventory', file: 'subgraphs/inventory/schema.graphql', line: 3 },
      ],
    })
  })

  it('names the line where an unknown type is used', () => {
    const result = compose({ catalog: catalog.replace('price: Money', 'price: Monee'), inventory })
    expect(result).toMatchObject({
      ok: false,
      error: [
        { code: 'INVALID_GRAPHQL', subgraph: 'catalog', line: 7, message: expect.stringContaining('Monee') },
      ],
    })
  })

  it('finds the field on which two subgraphs disagree, and says what to do', () => {
    const result = compose({ catalog, inventory: inventory.replace('inStock', 'price') })
    expect(result).toMatchObject({
      ok: false,
      error: [
        {
          code: 'FIELD_TYPE_MISMATCH',
          subgraph: 'catalog',
          line: 7,
          hint: expect.stringMatching(/same type/),
        },
        { code: 'INVALID_FIELD_SHARING', file: 'subgraphs/catalog/schema.graphql', line: 7 },
      ],
    })
  })

  it('reports the problems of all files at once', () => {
    const result = compose({ catalog: 'type Query {', inventory: 'type {' })
    expect(result.ok ? [] : result.error.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'inventory'])
  })
})

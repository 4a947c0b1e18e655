import type { PartOfGraph } from './fixture.ts'

export interface Ref {
  readonly id: string
}

const products = [
  { id: '1', sku: 'TEE', region: 'EU', name: 'Tee', weight: 200, dims: { w: 2, h: 3 } },
  { id: '2', sku: 'MUG', region: 'EU', name: 'Mug', weight: 400, dims: null },
]

const PRODUCT_FIELDS = {
  reviews: ({ id }: Ref, { first }: { first: number }) =>
    [review(`r-${id}`, id), review(`s-${id}`, id)].slice(0, first),
  shipping: (product: { weight: number; dims: { w: number } | null }, { express }: { express: boolean }) =>
    product.weight * (express ? 2 : 1) + (product.dims?.w ?? 0),
}

/** Two subgraphs of one small shop: what most features are shown on. */
export const shop: Readonly<Record<'catalog' | 'reviews', PartOfGraph>> = {
  catalog: {
    sdl: `
      type Query { products: [Product!]! product(id: ID!): Product things: [Thing] media(id: ID!): Media }
      type Mutation { rename(id: ID!, name: String!): Product }
      type Product @key(fields: "id") @key(fields: "sku region") { id: ID! sku: String! region: String! name: String weight: Int dims: Dims }
      type Dims @shareable { w: Int h: Int }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
      union Thing = Product | Book`,
    resolvers: {
      Query: {
        products: () => products,
        product: (_: unknown, { id }: Ref) => products.find((product) => product.id === id),
        things: () => [
          { __typename: 'Product', ...products[0] },
          { __typename: 'Book', id: 'b1', title: 'Dune', pages: 600 },
        ],
        media: (_: unknown, { id }: Ref) =>
          id.startsWith('b')
            ? { __typename: 'Book', id, title: 'Dune', pages: 600 }
            : { __typename: 'Film', id, title: 'Heat', minutes: 170 },
      },
      Product: {
        __resolveReference: (ref: { id?: string; sku?: string }) =>
          products.find((product) => product.id === ref.id || product.sku === ref.sku),
      },
      Media: { __resolveType: ({ id }: Ref) => (id.startsWith('b') ? 'Book' : 'Film') },
    },
  },
  reviews: {
    sdl: `
      type Query { latest: [Review!]! }
      type Review @key(fields: "id") { id: ID! text: String product: Product author: User }
      type User { name: String }
      type Product @key(fields: "id") { id: ID! weight: Int @external dims: Dims @external
        reviews(first: Int = 10): [Review!]
        shipping(express: Boolean = false): Int @requires(fields: "weight dims { w }") }
      type Dims @shareable { w: Int h: Int }
      type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
    resolvers: {
      Query: { latest: () => [review('r1', '1'), review('r2', '2'), review('r3', '1')] },
      Product: PRODUCT_FIELDS,
      Media: { stars: ({ id }: Ref) => id.length },
    },
  },
}
function review(id: string, productId: string): object {
  return { id, text: `text of ${id}`, product: { id: productId }, author: { name: 'ada' } }
}

/** The shop with one resolver of the reviews' products in another's place. */
export function withProductField(name: string, resolver: (product: Ref) => unknown): typeof shop {
  const { resolvers } = shop.reviews
  const product = { ...PRODUCT_FIELDS, [name]: resolver }
  return { ...shop, reviews: { ...shop.reviews, resolvers: { ...resolvers, Product: product } } }
}

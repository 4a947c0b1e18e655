import type { PartOfGraph } from './fixture.ts'
import type { GatedShop, Gates } from './gated-shop.ts'

export const NOTHING: PartOfGraph = { sdl: '' }

interface Ref {
  readonly id: string
}

const GOODS = [{ id: 'TEE' }, { id: 'MUG' }]

/** Goods of two subgraphs: `name` is there at once; what has a gate is slow until the test lets it through. */
export function goods({ pass }: Gates): Readonly<Record<string, PartOfGraph>> {
  return {
    catalog: {
      sdl: `
        type Query { goods: [Good!]! good(id: ID!): Good hours: String }
        type Mutation { rename(id: ID!, name: String!): Good }
        type Good @key(fields: "id") { id: ID! name: String price: Int size: Size weight: Int }
        type Size @shareable { w: Int h: Int }`,
      resolvers: {
        Query: {
          goods: () => GOODS,
          good: (_: unknown, { id }: Ref) => GOODS.find((one) => one.id === id),
          hours: () => pass('hours', '9 to 5'),
        },
        Mutation: {
          rename: (_: unknown, { id, name }: Ref & { name: string }) => pass(`rename ${name}`, { id }),
        },
        Good: {
          __resolveReference: ({ id }: Ref) => ({ id }),
          name: ({ id }: Ref) => `the ${id}`,
          price: ({ id }: Ref) => pass('price', id.length),
          size: () => ({ w: 1 }),
          weight: ({ id }: Ref) => pass('weight', id.length * 100),
        },
        Size: { h: () => pass('height', 2) },
      },
    },
    reviews: {
      sdl: `
        type Good @key(fields: "id") { id: ID! weight: Int @external
          reviews: [Review!] stars: Int! postage: Int @requires(fields: "weight") }
        type Review @key(fields: "id") { id: ID! text: String by: String! of: Good }`,
      resolvers: {
        Good: {
          reviews: ({ id }: Ref) => pass('reviews', [{ id: `${id}-1` }]),
          stars: ({ id }: Ref) => pass('stars', id === 'MUG' ? null : 5),
          postage: ({ weight }: { weight: number }) => weight / 100,
        },
        Review: {
          __resolveReference: (one: Ref) => one,
          of: ({ id }: Ref) => ({ id: id.replace(/-1$/, '') }),
          text: ({ id }: Ref) => `about ${id}`,
          by: () => pass('by', 'ada'),
        },
      },
    },
  }
}

export const SLOW: readonly string[] = ['hours', 'price', 'weight', 'height', 'reviews', 'stars', 'by']

/** The same as it is answered to a client that takes no parts. */
export async function wholeAnswer(shop: GatedShop, query: string): Promise<unknown> {
  const answer = await shop.ask(query, { accept: 'application/json' })
  return await answer.next()
}

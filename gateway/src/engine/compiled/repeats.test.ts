import { describe, expect, it } from '@jest/globals'
import { wiredClient } from '../../../test/each-way.ts'
import { type Fixture, openFixture, type PartOfGraph } from '../../../test/fixture.ts'

/** Reviews with their authors in full; `mood` stands late in an author and may tell two apart. */
function reviews(count: number, moodOf: (review: number) => string): PartOfGraph {
  const author = (review: number): object => ({
    id: `user-${review % 3}`,
    reviews: [0, 1, 2].map((i) => ({ body: `Fits "exactly" – ${i} 😀`, product: { upc: `${i % 2}` } })),
    mood: moodOf(review),
  })
  return {
    sdl: `type Query { reviews: [Review!] }
      type Review { body: String, author: User, product: Product }
      type User @key(fields: "id") { id: ID!, reviews: [Review!], mood: String }
      type Product @key(fields: "upc") { upc: ID! }`,
    resolvers: {
      Query: {
        reviews: () =>
          Array.from({ length: count }, (_, i) => ({
            body: `number ${i}`,
            author: author(i),
            product: null,
          })),
      },
    },
  }
}

const others: Readonly<Record<string, PartOfGraph>> = {
  products: {
    sdl: 'type Product @key(fields: "upc") { upc: ID!, name: String }',
    resolvers: {
      Product: { __resolveReference: ({ upc }: { upc: string }) => ({ upc, name: `Tee ${upc}` }) },
    },
  },
  users: {
    sdl: 'type User @key(fields: "id") { id: ID!, name: String }',
    resolvers: { User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `Ada ${id}` }) } },
  },
}

const QUERY = '{ reviews { body author { name reviews { product { name } body } mood id } } }'

/** By functions over bytes, and by walking; those over objects must agree. */
async function bothWays(part: PartOfGraph): Promise<readonly unknown[]> {
  const parts = { reviews: part, ...others }
  await using generated: Fixture = await openFixture(parts, { wire: wiredClient })
  await using objects: Fixture = await openFixture(parts)
  await using walked: Fixture = await openFixture(parts, { compileAfter: Number.POSITIVE_INFINITY })
  const answers = [await generated.ask(QUERY), await walked.ask(QUERY)]
  expect(await objects.ask(QUERY)).toEqual(answers[1])
  const expected = walked.asked.map(({ request: { query, variables } }) => ({ query, variables }))
  for (const { asked } of [generated, objects])
    expect(asked.map(({ request }) => request)).toMatchObject(expected)
  return answers
}

describe('objects that come again', () => {
  it('are written as the first time', async () => {
    const [generated, walked] = await bothWays(reviews(40, () => 'glad'))
    expect(generated).toEqual(walked)
    expect(generated).toMatchObject({ data: { reviews: expect.arrayContaining([expect.anything()]) } })
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('are told apart by one byte near their end, %i further', async (more) => {
    const before = '-'.repeat(more)
    const [generated, walked] = await bothWays(reviews(8, (i) => before + (i % 2 === 0 ? 'glad' : 'glat')))
    expect(generated).toEqual(walked)
    expect(JSON.stringify(generated)).toMatch(/glad.*glat/)
  })

  it('are looked at when they would be longer than what is left of the answer', async () => {
    const [generated, walked] = await bothWays(reviews(6, (i) => (i === 5 ? '' : 'a'.repeat(100))))
    expect(generated).toEqual(walked)
  })

  it('fill answers of more than a megabyte', async () => {
    const [generated, walked] = await bothWays(reviews(3_000, (i) => `${'glad '.repeat(20)}${i % 7}`))
    expect(generated).toEqual(walked)
    expect(JSON.stringify(generated).length).toBeGreaterThan(1_000_000)
  })
})

import { describe, expect, it } from '@jest/globals'
import { openFixture } from '../../test/fixture.ts'
import type { Ref } from '../../test/small-shop.ts'

describe('mutations', () => {
  it('run their root fields one after another, across subgraphs, each to its end', async () => {
    const done: string[] = []
    const slowly = async (what: string): Promise<object> => {
      await new Promise((resolve) => setTimeout(resolve, what === 'a1' ? 30 : 1))
      done.push(what)
      return { id: what }
    }
    await using fixture = await openFixture({
      a: {
        sdl: 'type Query { x: Int } type Mutation { a(n: ID!): Thing } type Thing @key(fields: "id") { id: ID! }',
        resolvers: { Mutation: { a: (_: unknown, { n }: { n: string }) => slowly(n) } },
      },
      b: {
        sdl: 'type Mutation { b(n: ID!): Thing } type Thing @key(fields: "id") { id: ID! seen: Int }',
        resolvers: {
          Mutation: { b: (_: unknown, { n }: { n: string }) => slowly(n) },
          Thing: { seen: ({ id }: Ref) => done.push(`seen ${id}`) },
        },
      },
    })
    const answer = await fixture.ask(
      'mutation($no: Boolean!) { a(n: "a1") { seen } two: b(n: "b1") { seen } ...M a2: a(n: "a2") { id } } fragment M on Mutation { b3: b(n: "b3") @include(if: $no) { id } three: a(n: "a3") { seen } }',
      { no: false },
    )
    expect(answer.errors).toBeUndefined()
    expect(done).toEqual(['a1', 'seen a1', 'b1', 'seen b1', 'a3', 'seen a3', 'a2'])
    expect(Object.keys(answer.data ?? {})).toEqual(['a', 'two', 'three', 'a2'])
  })
})

import { describe, expect, it } from '@jest/globals'
import { composed, type PartOfGraph } from '../../test/fixture.ts'
import { explain } from '../explain/explain.ts'
import { partLines } from '../explain/write-parts.ts'

/** The sub-requests of an answer in parts; undefined when it comes whole. */
function stepsOf(
  subgraphs: Readonly<Record<string, string>>,
  document: string,
): readonly string[] | undefined {
  const parts = Object.entries(subgraphs).map(([name, sdl]): [string, PartOfGraph] => [name, { sdl }])
  const supergraph = composed(Object.fromEntries(parts))
  const files = { file: 'ada.graphql', supergraphFile: 'shop.graphql' }
  const asking = { ...files, document, supergraph, operationName: undefined, variables: {} }
  const explained = explain({ ...asking, over: 'objects' })
  if (!explained.ok) throw new Error(explained.error.join('\n'))
  const { inParts } = explained.value
  return inParts && partLines(inParts).map((line) => line.replaceAll('$__representations', '$r'))
}

const asked = (typename: string, fields: string): string =>
  `query($r:[_Any!]!){_entities(representations:$r){...on ${typename}{${fields}}}}`

describe('a sub-request', () => {
  it('is cut at entities that its subgraph finds by a key which is there, each field asked for once', () => {
    const a = `
      type Query { goods: [Good!]! }
      type Good @key(fields: "sku size { code }") @key(fields: "id") { id: ID! sku: ID! size: Size! name(in: String): String price: Int }
      type Size { code: ID! }`
    const document =
      'query Q($l: String) { goods { sku size { code } ... @defer { n: name(in: $l) } ... @defer(label: "p") { price n: name(in: $l) } } }'
    expect(stepsOf({ a }, document)).toEqual([
      '1  for the first part: a: {goods{sku size{code}__typename}}',
      `2  for part 2 at goods and "p" at goods, after 1: a: ${asked('Good', 'n:name(in:$l)').replace('!)', '!$l:String)')}`,
      `3  for "p" at goods, after 1: a: ${asked('Good', 'price')}`,
    ])
  })

  it('is cut at the root of a query', () => {
    const a = 'type Query { fast: Int slow: Int }'
    expect(stepsOf({ a }, '{ fast ... @defer { slow } }')).toEqual([
      '1  for the first part: a: {fast}',
      '2  for part 2: a: {slow}',
    ])
  })

  it.each([
    ['has no key', 'type Good { id: ID! name: String }'],
    ['has a key that may be null', 'type Good @key(fields: "id") { id: ID name: String }'],
    [
      'is not found by its key there',
      'type Good @key(fields: "id", resolvable: false) { id: ID! name: String }',
    ],
    ['is asked for its key alone', 'type Good @key(fields: "name") { id: ID! name: String! }'],
  ])('stays whole where an entity %s', (_what, good) => {
    const a = `type Query { good: Good } ${good}`
    expect(stepsOf({ a }, '{ good { id ... @defer { name } } }')).toBeUndefined()
  })

  it('stays whole where a field is told in this place alone', () => {
    const a = `
      type Query { best: Good @provides(fields: "name") }
      type Good @key(fields: "id") { id: ID! name: String @external }`
    const b = 'type Good @key(fields: "id") { id: ID! name: String @shareable }'
    expect(stepsOf({ a, b }, '{ best { id ... @defer { name } } }')).toBeUndefined()
  })

  it('does not wait for what only others beside it require', () => {
    const a = `
      type Query { good: Good }
      type Good @key(fields: "id") { id: ID! weight: Int }`
    const b = `
      type Good @key(fields: "id") { id: ID! weight: Int @external stock: Int postage: Int @requires(fields: "weight") }`
    expect(stepsOf({ a, b }, '{ good { stock ... @defer { postage } } }')).toEqual([
      '1  for the first part: a: {good{__typename id}}',
      `2  for part 2 at good, after 1: a: ${asked('Good', 'weight')}`,
      expect.stringMatching(/^3 {2}for part 2 at good, after 1 and 2: b: .*\{postage\}/),
      expect.stringMatching(/^4 {2}for the first part, after 1: b: .*\{stock\}/),
    ])
  })

  it('of a mutation is not cut at the root, but below', () => {
    const a = `
      type Query { good: Good }
      type Mutation { rename: Good }
      type Good @key(fields: "id") { id: ID! name: String price: Int }`
    expect(stepsOf({ a }, 'mutation { a: rename { name ... @defer { price } } b: rename { name } }')).toEqual(
      [
        '1  for the first part: a: mutation{a:rename{name __typename id}}',
        `2  for part 2 at a, after 1: a: ${asked('Good', 'price')}`,
        '3  for the first part, after 1: a: mutation{b: rename{name}}',
      ],
    )
  })
})

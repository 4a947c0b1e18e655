import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, specifiedRules, validate } from 'graphql'
import { rulesFor } from './validation-rules.ts'

const schema = buildSchema(`
  type Query { product(id: ID!, like: Like): Product thing: Thing }
  type Mutation { rename(id: ID!): Product }
  union Thing = Product | Book
  type Product { id: ID! name: String }
  type Book { title: String }
  input Like { name: String }`)

/** Each breaks a rule of its own. */
const wrong: readonly string[] = [
  '{ nowhere }',
  '{ product }',
  '{ product(id: 1) }',
  '{ product(id: 1) { name { x } } }',
  '{ thing { id } }',
  'query A { thing { __typename } } query A { thing { __typename } }',
  '{ thing { __typename } } query A { thing { __typename } }',
  'type X { id: ID }',
  'mutation { rename(id: 1) { id } } subscription { x }',
  '{ product(id: $id) { id } }',
  'query ($id: ID!) { thing { __typename } }',
  'query ($id: ID!, $id: ID!) { product(id: $id) { id } }',
  'query ($id: Product) { product(id: $id) { id } }',
  'query ($id: ID) { product(id: $id) { id } }',
  'query ($id: Nothing!) { product(id: $id) { id } }',
  '{ product(id: 1) { id @nothing } }',
  '{ product(id: 1) { id @skip(if: true) @skip(if: true) } }',
  '{ product(id: 1) { id @skip } }',
  '{ ...Nothing }',
  'fragment F on Query { thing { __typename } } query { thing { __typename } }',
  '{ ...F } fragment F on Query { ...F }',
  '{ ...F } fragment F on Query { thing { __typename } } fragment F on Query { thing { __typename } }',
  '{ ... on ID { id } }',
  '{ ... on Nothing { id } }',
  '{ product(id: 1) { ... on Book { title } } }',
  '{ product(id: 1, id: 2) { id } }',
  '{ product(id: 1, size: 2) { id } }',
  '{ product(id: {}) { id } }',
  '{ product(id: 1, like: { name: "a", name: "b" }) { id } }',
  '{ product(id: 1) { id } product(id: 2) { id } }',
  '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
]

describe('the rules for a document', () => {
  it.each(wrong)('find in %s what all rules find', (text) => {
    const document = parse(text)
    const all = validate(schema, document, specifiedRules).map(({ message }) => message)
    expect(validate(schema, document, rulesFor(text)).map(({ message }) => message)).toEqual(all)
    expect(all).not.toEqual([])
  })

  it('leave out those that have nothing to look at', () => {
    expect(rulesFor('{ a }').length).toBeLessThan(rulesFor('query ($a: B) { ...C @d(e: "__") }').length)
    expect(rulesFor('{ a }')).toBe(rulesFor('{ b }'))
  })
})

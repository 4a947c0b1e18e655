import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'
import { deferLabelsRule, deferPlacesRule } from './defer-rules.ts'

const schema = buildSchema(`
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { order: Order }
  type Mutation { cancel: Order }
  type Subscription { changed: Order }
  type Order { id: ID status: String }`)

function problems(text: string): readonly string[] {
  return validate(schema, parse(text), [deferLabelsRule, deferPlacesRule]).map(({ message }) => message)
}

describe('a document with @defer', () => {
  it.each([
    ['anywhere in a query', '{ ... @defer { order { ... @defer { id } } } }'],
    ['below the root of a mutation', 'mutation { cancel { id ... @defer(label: "a") { status } } }'],
    [
      'that a subscription can switch off',
      'subscription S($no: Boolean!) { changed { ... @defer(if: $no) { id } } }',
    ],
    ['that a subscription has switched off', 'subscription { changed { ... @defer(if: false) { id } } }'],
    [
      'with a label each',
      '{ ... @defer(label: "a") { order { id } } ... @defer(label: "b") { order { id } } }',
    ],
  ])('stands %s', (_where, text) => {
    expect(problems(text)).toEqual([])
  })

  it.each([
    [
      'with one label for two',
      '{ ... @defer(label: "a") { order { id } } ...F @defer(label: "a") } fragment F on Query { order { id } }',
      /twice/,
    ],
    [
      'with a label in a variable',
      'query Q($a: String) { ... @defer(label: $a) { order { id } } }',
      /not a variable/,
    ],
    ['at the root of a mutation', 'mutation { ... @defer { cancel { id } } }', /root of a mutation/],
    [
      'at the root of a mutation, by a fragment',
      'mutation { ...F } fragment F on Mutation { ...G @defer } fragment G on Mutation { cancel { id } }',
      /root of a mutation/,
    ],
    ['in a subscription', 'subscription { changed { ... @defer { id } } }', /Nothing in a subscription/],
    [
      'in a fragment of a subscription',
      'subscription { changed { ...F } } fragment F on Order { ... @defer { id } }',
      /Nothing in a subscription/,
    ],
  ])('is refused %s', (_where, text, message) => {
    expect(problems(text)).toEqual([expect.stringMatching(message)])
  })
})

import { describe, expect, it } from '@jest/globals'
import { buildSchema, Kind, parse, stripIgnoredCharacters } from 'graphql'
import { fragmentsOf } from '../guards/fragment-size.ts'
import { conditionVariables, normaliseOperation, type OperationParts } from './normalise-operation.ts'
import { splitOperation } from './split-operation.ts'

const schema = buildSchema(`
  type Query { a(x: Int): A b: B u: U query: Query }
  type Mutation { a: A b: B }
  type A { x: Int u: U query: Query }
  type B { c: Int d: Int }
  union U = A | B`)

function parts(text: string): OperationParts {
  const document = parse(text)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('no operation')
  return { operation, fragments: fragmentsOf(document) }
}

function split(text: string): readonly string[] {
  const variables = { yes: true, no: false }
  return splitOperation(normaliseOperation(parts(text), schema, variables)).map(stripIgnoredCharacters)
}

describe('an operation is planned', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['{a{x}b{c}}', ['{a{x}b{c}}']],
    ['query Q($x:Int)@inContext(market:"IT"){a(x:$x){x}}', ['query Q($x:Int){a(x:$x){x}}']],
    ['{b{c}__typename __schema{types{name}}}', ['{b{c}}']],
    ['{__typename ...F}fragment F on Query{__type(name:"A"){name}}', []],
    [
      '{...F a{x}}fragment F on Query{b{...G}}fragment G on B{c}fragment H on B{d}',
      ['{...on Query{b{...G}}a{x}}fragment G on B{c}'],
    ],
    ['{a{query{__schema{types{name}}}}}', ['{a{query{__typename}}}']],
    ['{a{x t:__typename}}', ['{a{x}}']],
    ['{a{t:__typename}}', ['{a{__typename}}']],
    ['{u{t:__typename @include(if:$no)}}', ['{u{__typename}}']],
    ['{u{...on A{x u{...on B{c}}}}}', ['{u{__typename ...on A{x u{__typename ...on B{c}}}}}']],
    [
      'query($yes:Boolean!,$no:Boolean!){a{x @skip(if:$yes)}b @include(if:$no){c}u @skip(if:false){...on B @include(if:$yes){d}}}',
      ['query($yes:Boolean!$no:Boolean!){a{__typename}u{__typename ...on B{d}}}'],
    ],
    ['mutation{a{x}b{c}a{u{__typename}}}', ['mutation{a{x}a{u{__typename}}}', 'mutation{b{c}}']],
    [
      'mutation{a @include(if:$no){x}b{c}...M @skip(if:$yes)}fragment M on Mutation{z:a{x}}',
      ['mutation{b{c}}'],
    ],
    [
      'mutation{z:b{c}...M}fragment M on Mutation{b{d}z:b{d}}',
      ['mutation{z:b{c}...on Mutation{z:b{d}}}', 'mutation{...on Mutation{b{d}}}'],
    ],
  ]
  it.each(cases)('%s as %j', (text, documents) => {
    expect(split(text)).toEqual(documents)
  })

  it('anew for each combination of the variables that decide what is asked for', () => {
    const text =
      'query($yes: Boolean!, $no: Boolean!, $n: Int) { a(x: $n) { x @skip(if: $yes) ...F } } fragment F on A { x @include(if: $no) }'
    expect(conditionVariables(parts(text))).toEqual(['no', 'yes'])
  })
})

import { describe, expect, it } from '@jest/globals'
import { Kind, parse, stripIgnoredCharacters } from 'graphql'
import { fragmentsOf } from '../guards/fragment-size.ts'
import { splitOperation } from './split-operation.ts'

function split(text: string): readonly string[] {
  const document = parse(text)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  return splitOperation(operation, fragmentsOf(document)).map(stripIgnoredCharacters)
}

describe('an operation is planned', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['{a b}', ['{a b}']],
    ['query Q($x:Int)@inContext(market:"IT"){a(x:$x)}', ['query Q($x:Int){a(x:$x)}']],
    ['{a __typename __schema{types{name}}}', ['{a}']],
    ['{__typename ...F}fragment F on Query{__type(name:"A"){name}}', []],
    [
      '{...F a}fragment F on Query{b{...G}}fragment G on B{c}fragment H on B{d}',
      ['{...on Query{b{...G}}a}fragment G on B{c}'],
    ],
    ['{a{query{__schema{types{name}}}}}', ['{a{query{__typename}}}']],
    ['mutation{a b a{x}}', ['mutation{a a{x}}', 'mutation{b}']],
    [
      'mutation{c:a c:a ...M}fragment M on Mutation{b @include(if:true) c:a}',
      ['mutation{c:a c:a ...on Mutation{c:a}}', 'mutation{...on Mutation{b@include(if:true)}}'],
    ],
    [
      'mutation{...M @skip(if:false)}fragment M on Mutation{a b}',
      ['mutation{...on Mutation@skip(if:false){a}}', 'mutation{...on Mutation@skip(if:false){b}}'],
    ],
  ]
  it.each(cases)('%s as %j', (text, documents) => {
    expect(split(text)).toEqual(documents)
  })
})

import { describe, expect, it } from '@jest/globals'
import { Kind, parse, print, stripIgnoredCharacters } from 'graphql'
import { fragmentsOf } from '../guards/fragment-size.ts'
import { documentOf } from './normalise-operation.ts'
import { readReservedKeys } from './reserved-keys.ts'
import { separateKeys } from './separate-keys.ts'

const reserved = readReservedKeys(
  parse(`
    type T @join__type(graph: A, key: "id org { code }") {
      one: Int @join__field(graph: A, requires: "scaled(n: 2) box { ... on B { size } }")
      two: Int @join__field(graph: A, requires: "graded(n: 1)") @join__field(graph: B, requires: "graded(n: 2)")
    }`),
)

function separated(text: string): readonly [string, Readonly<Record<string, string>>] {
  const document = parse(text)
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (!operation) throw new Error('no operation')
  const parts = separateKeys({ operation, fragments: fragmentsOf(document) }, reserved)
  return [stripIgnoredCharacters(print(documentOf(parts))), Object.fromEntries(parts.shownKeys)]
}

describe('response keys', () => {
  const same: readonly (readonly [string, string])[] = [
    ['that name one field each', '{a{x(n:1)}b{c:y}}'],
    ['that name different fields in different places', '{a{x(n:1)}b{x(n:2)c:x}d{c:z}}'],
    ['that are names of what the planner asks for itself', '{t{id org{code}scaled(n:2)box{...on B{size}}}}'],
    ['of one field with its arguments in another order', '{a{...on A{x(n:1 m:2)}...on B{x(m:2 n:1)}}}'],
  ]
  it.each(same)('%s stay', (_, text) => {
    expect(separated(text)).toEqual([text, {}])
  })

  const changed: readonly (readonly [string, string, string, Readonly<Record<string, string>>])[] = [
    [
      'of one place with other arguments for each type',
      '{a{...on A{x(n:1)}...on B{x(n:2)}}}',
      '{a{...on A{x(n:1)}...on B{x_1:x(n:2)}}}',
      { x_1: 'x' },
    ],
    [
      'of one place with another field for each type, through fragments and below both',
      'query($n:Int){a{...F...on B{k:c{z}}}}fragment F on A{k:b(n:$n){z:y}}',
      'query($n:Int){a{...F ...on B{k:c{z}}}}fragment F on A{k_1:b(n:$n){z_1:y}}',
      { k_1: 'k', z_1: 'z' },
    ],
    [
      'that are the name of a key',
      '{t{id:name org:x}}',
      '{t{id_1:name org_1:x}}',
      { id_1: 'id', org_1: 'org' },
    ],
    [
      'of a required field with arguments of its own',
      '{t{scaled size:scaled(n:2)scaled_1:x}}',
      '{t{scaled_2:scaled size_1:scaled(n:2)scaled_1:x}}',
      { scaled_2: 'scaled', size_1: 'size' },
    ],
    [
      'of what is required in two ways',
      '{t{graded(n:1)}}',
      '{t{graded_1:graded(n:1)}}',
      { graded_1: 'graded' },
    ],
    [
      'of the form that the planner makes up',
      '{_internal_qp_alias_0:x}',
      '{k_internal_qp_alias_0_1:x}',
      { k_internal_qp_alias_0_1: '_internal_qp_alias_0' },
    ],
  ]
  it.each(changed)('%s are changed', (_, text, expected, shown) => {
    expect(separated(text)).toEqual([expected, shown])
  })
})

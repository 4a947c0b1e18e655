import { describe, expect, it } from '@jest/globals'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { explain } from './explain.ts'
import { writeExplanation } from './write-explanation.ts'

function explained(document: string, variables: Readonly<Record<string, unknown>> = {}): string {
  const told = explain({
    document,
    file: 'ada.graphql',
    supergraph: composed(shop),
    supergraphFile: 'shop.graphql',
    operationName: undefined,
    variables,
    over: 'bytes',
  })
  return told.ok ? writeExplanation(told.value) : told.error.join('\n')
}

describe('an explanation', () => {
  it('shows the plan, the generated functions and what each step took', () => {
    const text = explained('{ products { id name reviews { text } } }')
    expect(text).toMatch(
      /one after another\n {4}catalog: .*\n {4}reviews: .*\n {6}_e?.* at products\[\] with Product/,
    )
    expect(text).toMatch(/function products_Product_\d+\(p\)/)
    expect(text).toMatch(/ms {2}parse, measure, validate\n.*ms {2}plan\n.*ms {2}generate functions/)
  })

  it('shows the plan as it is mended: a variable of the client beside one of the planner', () => {
    const text = explained(
      'query($representations: Int! = 1) { products { id reviews(first: $representations) { text } } }',
    )
    expect(text).toMatch(
      /query\(\$representations:\[_Any!\]!, ?\$\w*[^:]+:Int!.*first: \$(?!representations\))/,
    )
  })

  it('says why an operation is walked', () => {
    expect(explained('{ __typename __schema { queryType { name } } }')).toContain('None: ')
  })

  it('shows what waits for what when fragments are deferred', () => {
    const text = explained('{ products { id name ... @defer(label: "said") { weight reviews { text } } } }')
    expect(text).toContain('  1  for the first part: catalog: {products{__typename id name}}\n')
    expect(text).toMatch(
      / {2}2 {2}for "said" at products, after 1: catalog: query.*\.\.\.on Product\{weight\}/,
    )
    expect(text).toMatch(/ {2}3 {2}for "said" at products, after 1: reviews: query.*\{reviews\{text\}\}/)
  })

  it('says that nothing is asked for what the gateway knows', () => {
    expect(explained('{ __schema { queryType { name } } }')).toContain('Nothing is asked of subgraphs')
  })

  it('tells the time for cutting only where something is deferred', () => {
    const cutting = /ms {2}cut what is deferred/
    expect(explained('{ products { id ... @defer { weight } } }')).toMatch(cutting)
    expect(explained('{ products { id } }')).not.toMatch(cutting)
  })
})

describe('what cannot be explained', () => {
  const detail = 'query($detail: Boolean!) { products { id name @include(if: $detail) } }'

  it('is named with its place, up to five times', () => {
    expect(explained('{\n  nothing\n  products { id bad } }').split('\n')).toEqual([
      expect.stringMatching(
        /^ada\.graphql:2:3: DOCUMENT_INVALID: Cannot query field "nothing" on type "Query"/,
      ),
      expect.stringMatching(
        /^ada\.graphql:3:17: DOCUMENT_INVALID: Cannot query field "bad" on type "Product"/,
      ),
    ])
    expect(explained('{ products {').split('\n')).toEqual([
      expect.stringMatching(/^ada\.graphql:1:13: DOCUMENT_UNPARSABLE: Syntax Error: /),
    ])
    expect(explained('{ a b c d e f }').split('\n')).toHaveLength(6)
  })

  it.each([
    [{}, 'Variable "$detail" of required type "Boolean!" was not provided.'],
    [{ detail: 'yes' }, 'got invalid value "yes"; Boolean cannot represent a non boolean value'],
    [{ detail: null }, 'Variable "$detail" of non-null type "Boolean!" must not be null.'],
    [{ detail: true, retail: true }, 'the operation has no $retail. It has: $detail.'],
  ])('is a condition by %j', (variables, problem) => {
    const text = explained(detail, variables)
    expect(text).toMatch(/^--variables: [^\n]*$/)
    expect(text).toContain(problem)
  })

  it('is no condition with a default, nor a variable that decides nothing', () => {
    const text = explained(
      'query($d: Boolean = true, $id: ID!) { product(id: $id) { id name @include(if: $d) } }',
    )
    expect(text).toMatch(/catalog: .*name/)
  })
})

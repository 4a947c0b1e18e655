import { describe, expect, it } from '@jest/globals'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { explain } from './explain.ts'
import { writeExplanation } from './write-explanation.ts'

function explained(document: string): string {
  const asked = {
    document,
    supergraph: composed(shop),
    operationName: undefined,
    variables: {},
    over: 'bytes' as const,
  }
  return writeExplanation(explain(asked))
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

  it('says what is wrong with a document', () => {
    expect(() => explained('{ nothing }')).toThrow(/^DOCUMENT_INVALID: /)
  })
})

import { describe, expect, it } from '@jest/globals'
import { composed } from '../../test/fixture.ts'
import { shop } from '../../test/small-shop.ts'
import { explain } from './explain.ts'
import { writeExplanation } from './write-explanation.ts'

function explained(document: string): string {
  const asked = { document, supergraph: composed(shop), operationName: undefined, variables: {} }
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

  it('says what is wrong with a document', () => {
    expect(() => explained('{ nothing }')).toThrow(/^DOCUMENT_INVALID: /)
  })
})

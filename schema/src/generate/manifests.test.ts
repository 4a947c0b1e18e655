import { describe, expect, it } from '@jest/globals'
import { buildSchema } from 'graphql'
import { checkDocuments, type DocumentSource, manifests } from './manifests.ts'

const api = buildSchema('type Query { product(id: ID!): String }')

function source(text: string, head = 'web'): DocumentSource {
  return { head, file: `schema/documents/${head}/one.graphql`, text }
}

const good = source('query WebProduct($id: ID!) { product(id: $id) }')

describe('checkDocuments', () => {
  it('accepts one named operation that the API answers', () => {
    expect(checkDocuments([good], api)).toEqual([])
  })

  it.each([
    ['a field the API does not have', 'query Web { prodct }', 'line 1: Cannot query field "prodct"'],
    ['no name', '{ product(id: 1) }', 'Expected one named operation'],
    ['two operations', 'query A { product(id: 1) } query B { product(id: 1) }', 'got 2'],
    ['a syntax error', 'query Web {', 'Syntax Error'],
  ])('refuses %s', (_, text, message) => {
    expect(checkDocuments([source(text)], api)).toMatchObject([
      {
        code: 'DOCUMENT_INVALID',
        file: 'schema/documents/web/one.graphql',
        message: expect.stringContaining(message),
      },
    ])
  })

  it('refuses a name that another document has', () => {
    expect(checkDocuments([good, { ...good, head: 'kiosk' }], api)).toHaveLength(1)
  })
})

describe('manifests', () => {
  it('gives a document the hash of its text, however it was laid out', () => {
    const spaced = source('query WebProduct( $id: ID! ) {\n\n product(id: $id) }')
    expect(manifests([good], new Map())).toEqual(manifests([spaced], new Map()))
    const [web] = manifests([good], new Map())
    expect(web?.path).toBe('schema/documents/web.json')
    expect(Object.keys(JSON.parse(web?.content ?? ''))[0]).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  it('keeps what the last release of a head sends', () => {
    const released = new Map([['web', { 'sha256:old': 'query WebOld { product(id: 1) }' }]])
    expect(manifests([good], released)[0]?.content).toContain('sha256:old')
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Shop } from '@stoa/app/shop'
import { loadDocuments } from '@stoa/schema/documents'
import { readApi } from '@stoa/schema/supergraph'
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  getOperationAST,
  type IntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql'
import { JUMPER } from '../support/goods.ts'
import { openTestShop } from '../support/test-shop.ts'

/** What the documents of the heads ask about, by the name of the variable. */
const variables: Readonly<Record<string, unknown>> = {
  first: 2,
  after: null,
  filter: { text: 'jumper' },
  sort: 'NAME',
  handle: `p-${JUMPER.slice(0, 8).toLowerCase()}`,
  productId: `P-${JUMPER.slice(0, 8)}`,
  sku: JUMPER,
  text: 'jum',
  id: 'nobody-knows-this-id',
  locationId: 'ST-1',
  near: { latitude: 45.46, longitude: 9.19 },
}

const documents = [...loadDocuments()].map(([id, document]) => ({ id, ...document }))
const operationOf = (text: string) => getOperationAST(parse(text))
const queries = documents.filter(({ text }) => operationOf(text)?.operation === 'query')

let shop: Shop
beforeAll(async () => {
  shop = await openTestShop()
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
})

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly unknown[]
}

async function ask(body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${shop.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  // Only looked at by the assertions below.
  return (await response.json()) as Answer
}

describe('the heads', () => {
  it.each(queries)('get an answer to $operationName by its id', async ({ id, text }) => {
    const names = operationOf(text)?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
    const used = Object.fromEntries(names.map((name) => [name, variables[name]]))
    const answer = await ask({ documentId: id, variables: used })
    expect(answer.errors).toBeUndefined()
    expect(answer.data).toBeDefined()
  })

  it('are told of an id that nobody knows', async () => {
    const answer = await ask({ documentId: `sha256:${'0'.repeat(64)}` })
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }] })
  })

  it('see exactly the API that is committed', async () => {
    const { data } = await ask({ query: getIntrospectionQuery({ oneOf: true }) })
    // The shape that the introspection query asks for.
    const seen = buildClientSchema(data as IntrospectionQuery)
    const committed = buildSchema(readApi())
    expect(printSchema(lexicographicSortSchema(seen))).toBe(printSchema(lexicographicSortSchema(committed)))
  })
})

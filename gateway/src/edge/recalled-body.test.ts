import { hash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { type HttpAnswer, type HttpFixture, openHttpFixture } from '../../test/http-fixture.ts'
import { shop } from '../../test/small-shop.ts'
import type { GatewayOptions } from '../options.ts'

const document = 'query Name($id: ID!) { product(id: $id) { name } }'
const documentId = `sha256:${hash('sha256', document)}`
const other = '{ products { name } }'
const byId = JSON.stringify({ documentId, variables: { id: 1 } })
const tee = { data: { product: { name: 'Tee' } } }
const partnerOf = (key: string, documentIds: readonly string[]) => ({
  partnerId: key,
  keyHashes: [hash('sha256', key)],
  scopes: [],
  documentIds: new Set(documentIds),
})
const options: Partial<GatewayOptions> = {
  documents: new Map([[documentId, document]]),
  partners: [partnerOf('ada', [documentId]), partnerOf('bo', [])],
  authorise: (_, principal) =>
    principal.kind === 'anonymous' ? [{ message: 'Sign in.', extensions: { code: 'FORBIDDEN' } }] : [],
}

type Headers = Readonly<Record<string, string>>

function post(
  { send }: HttpFixture,
  body: string,
  headers: Headers = {},
  path = '/graphql',
): Promise<HttpAnswer> {
  return send({ method: 'POST', path, headers: { 'content-type': 'application/json', ...headers }, body })
}

describe('a body that came before, byte for byte', () => {
  it('is answered alike', async () => {
    await using served = await openHttpFixture(shop)
    const body = JSON.stringify({ query: document, variables: { id: 1 } })
    for (let i = 0; i < 3; i += 1) expect((await post(served, body)).body).toEqual(tee)
    expect((await post(served, body.replace('1}', '2}'))).body).toEqual({
      data: { product: { name: 'Mug' } },
    })
  })

  it('is allowed or refused by who sends it', async () => {
    await using served = await openHttpFixture(shop, options)
    for (let i = 0; i < 2; i += 1) {
      expect((await post(served, byId, { 'x-api-key': 'ada' })).body).toEqual(tee)
      expect((await post(served, byId, { 'x-api-key': 'bo' })).code).toBe('DOCUMENT_NOT_ALLOWED')
      expect((await post(served, byId, { 'x-api-key': 'cleo' })).code).toBe('UNAUTHENTICATED')
      expect((await post(served, byId)).code).toBe('FORBIDDEN')
    }
  })

  it('is read with the headers and the address it came with', async () => {
    await using served = await openHttpFixture(shop, { documents: new Map([[documentId, document]]) })
    const body = JSON.stringify({ variables: { id: 1 } })
    const named = await post(served, body, {}, `/graphql/${documentId}`)
    expect(named.body).toEqual(tee)
    expect((await post(served, body)).code).toBe('REQUEST_INVALID')
    expect((await post(served, byId)).body).toEqual(tee)
    expect((await post(served, byId, { 'content-type': 'text/plain' })).code).toBe('MEDIA_TYPE_UNSUPPORTED')
    expect((await post(served, byId, { 'idempotency-key': 'a b' })).code).toBe('IDEMPOTENCY_KEY_INVALID')
    expect((await post(served, byId, { 'x-correlation-id': 'ada-1' })).headers['x-correlation-id']).toBe(
      'ada-1',
    )
  })

  it('is looked at anew when it was refused', async () => {
    await using served = await openHttpFixture(shop)
    for (let i = 0; i < 2; i += 1) {
      expect((await post(served, '{"query":"{ nothing }"}')).code).toBe('DOCUMENT_INVALID')
      const wrong = JSON.stringify({ query: document, variables: { id: {} } })
      expect((await post(served, wrong)).code).toBe('VARIABLES_INVALID')
    }
  })

  it('is held against the supergraph of now', async () => {
    await using served = await openHttpFixture(shop)
    const body = JSON.stringify({ query: other })
    for (let i = 0; i < 2; i += 1) expect((await post(served, body)).code).toBeUndefined()
    const { gateway, supergraph } = served.fixture
    gateway.swap(supergraph.replace('  products: [Product!]!', '  goods: [Product!]!'))
    expect((await post(served, body)).code).toBe('DOCUMENT_INVALID')
  })
})

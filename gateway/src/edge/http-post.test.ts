import { hash } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type HttpAnswer, type HttpFixture, openHttpFixture } from '../../test/http-fixture.ts'
import { shop } from '../../test/small-shop.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const GRAPH = 'application/graphql-response+json'
const document = 'query Name($id: ID!) { product(id: $id) { name } }'
const documentId = `sha256:${hash('sha256', document)}`
const tee = { data: { product: { name: 'Tee' } } }

let served: HttpFixture
beforeAll(async () => {
  served = await openHttpFixture(shop, {
    documents: new Map([[documentId, document]]),
    exposePlans: 'header',
  })
})
afterAll(async () => await served[Symbol.asyncDispose]())

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  return served.send({ method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: raw })
}

describe('POST', () => {
  it('answers a document with variables and an operation name', async () => {
    const query = `${document} query Other { latest { id } }`
    const answer = await post({ query, operationName: 'Name', variables: { id: 1 }, extensions: {}, more: 1 })
    expect(answer).toMatchObject({ status: 200, body: tee })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])(
    'reads a body compressed with %s, up to the limit of what it inflates to',
    async (encoding, compress) => {
      const headers = { 'content-encoding': encoding }
      const body = JSON.stringify({ documentId, variables: { id: 1 } })
      expect((await post(compress(body), headers)).body).toEqual(tee)
      const zeros = compress(Buffer.alloc(10_000_000))
      expect(await post(zeros, headers)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
      expect(await post('{}', headers)).toMatchObject({ status: 415, code: 'ENCODING_UNSUPPORTED' })
    },
  )

  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const mention = { 'content-type': 'text/plain; application/json' }
  it.each([
    ['malformed JSON', '{"query":', {}, 400, 'JSON_INVALID'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, 'JSON_INVALID'],
    ['JSON nested 100,000 deep', '['.repeat(100_000), {}, 400, 'JSON_TOO_DEEP'],
    ['a list of requests', [{ query: '{__typename}' }], {}, 400, 'BATCHING_REFUSED'],
    ['a number', 7, {}, 400, 'REQUEST_INVALID'],
    ['no document', {}, {}, 400, 'REQUEST_INVALID'],
    ['a document that is no text', { query: 1 }, {}, 400, 'REQUEST_INVALID'],
    ['variables that are a list', { query: '{__typename}', variables: [] }, {}, 400, 'REQUEST_INVALID'],
    ['variables that are text', { query: '{__typename}', variables: '{}' }, {}, 400, 'REQUEST_INVALID'],
    ['extensions that are text', { query: '{__typename}', extensions: '' }, {}, 400, 'REQUEST_INVALID'],
    ['300,000 bytes', JSON.stringify({ query: ' '.repeat(300_000) }), {}, 413, 'BODY_TOO_LARGE'],
    ['a form', 'query={__typename}', form, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['plain text', '{}', { 'content-type': 'text/plain' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['plain text that mentions JSON', '{}', mention, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['several parts', '--x', { 'content-type': 'multipart/form-data' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['UTF-16', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['UTF-7', '{}', { 'content-type': 'application/json; charset="utf-7"' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
    ['a body compressed twice', '{}', { 'content-encoding': 'gzip, br' }, 415, 'ENCODING_UNSUPPORTED'],
    ['a wish for pictures', { query: '{__typename}' }, { accept: 'image/png' }, 406, 'NOT_ACCEPTABLE'],
  ])('refuses %s', async (_what, body, headers, status, code) => {
    expect(await post(body, headers)).toMatchObject({ status, code })
  })

  it('reads a content type however it is written', async () => {
    const type = { 'content-type': 'Application/JSON ;  Charset="UTF-8"' }
    expect((await post({ query: '{__typename}' }, type)).status).toBe(200)
  })
})

describe('the status', () => {
  it.each([
    ['that cannot be parsed', '{', 'DOCUMENT_UNPARSABLE'],
    ['that does not fit the schema', '{ nothing }', 'DOCUMENT_INVALID'],
    ['with a subscription', 'subscription { x }', 'OPERATION_UNSUPPORTED'],
    ['with @stream', '{ products @stream { id } }', 'DIRECTIVE_UNSUPPORTED'],
    ['with two operations', 'query A { __typename } query B { __typename }', 'OPERATION_NOT_FOUND'],
  ])(
    'of a document %s is 400, and 200 for those who only know application/json',
    async (_what, query, code) => {
      expect(await post({ query }, { accept: GRAPH })).toMatchObject({ status: 400, code })
      expect(await post({ query }, { accept: 'application/json' })).toMatchObject({ status: 200, code })
      const both = { accept: `application/json;q=0.5, ${GRAPH}` }
      expect(await post({ query }, both)).toMatchObject({ status: 400, code })
    },
  )
})

describe('an answer', () => {
  it('carries the correlation id it was asked with, when that is one', async () => {
    const idOf = async (id: string): Promise<unknown> =>
      (await post({ query: '{__typename}' }, { 'x-correlation-id': id })).headers['x-correlation-id']
    expect(await idOf('ada-1')).toBe('ada-1')
    expect(await idOf('a b')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('shows its plan to who asks for it, in the form plan viewers know', async () => {
    const query = '{ latest { product { name } } }'
    expect((await post({ query })).body).not.toHaveProperty('extensions')
    const path = [{ Field: 'latest' }, '@', { Field: 'product' }]
    const node = { kind: 'Sequence', nodes: [{ kind: 'Fetch' }, { kind: 'Flatten', path }] }
    expect((await post({ query }, { 'x-include-query-plan': '1' })).body).toMatchObject({
      extensions: { queryPlan: { kind: 'QueryPlan', node } },
    })
  })
})

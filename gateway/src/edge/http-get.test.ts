import { hash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type HttpAnswer, type HttpFixture, openHttpFixture } from '../../test/http-fixture.ts'
import { shop } from '../../test/small-shop.ts'

const document = 'query Name($id: ID!) { product(id: $id) { name } }'
const documentId = `sha256:${hash('sha256', document)}`
const tee = { data: { product: { name: 'Tee' } } }
const preflight = { 'x-graphql-preflight': '1' }

let served: HttpFixture
beforeAll(async () => {
  served = await openHttpFixture(shop, { documents: new Map([[documentId, document]]) })
})
afterAll(async () => await served[Symbol.asyncDispose]())

function get(address: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  return served.send({ method: 'GET', path: `/graphql${address}`, headers })
}

describe('GET', () => {
  const variables = `variables=${encodeURIComponent('{"id":1}')}`
  const query = `query=${encodeURIComponent(document)}`

  it('answers a document only with a header that no other site can send unasked', async () => {
    const address = `?${query}&${variables}`
    expect(await get(address)).toMatchObject({ status: 403, code: 'CROSS_SITE_REFUSED' })
    expect(await get(address, preflight)).toMatchObject({ status: 200, body: tee })
    expect(await get(address, { 'content-type': 'text/plain' })).toMatchObject({ status: 403 })
  })

  it('answers a trusted document by its id, in the address or in the path', async () => {
    expect(await get(`?documentId=${documentId}&${variables}`)).toMatchObject({ status: 200, body: tee })
    expect(await get(`/${documentId}/Name?${variables}`)).toMatchObject({ status: 200, body: tee })
    expect(await get(`/${documentId}/Other?${variables}`)).toMatchObject({ code: 'OPERATION_NOT_FOUND' })
    expect(await get(`/${documentId}/%zz?${variables}`)).toMatchObject({ code: 'OPERATION_NOT_FOUND' })
  })

  it('changes nothing', async () => {
    const mutation = `?query=${encodeURIComponent('mutation { rename(id: 1, name: "x") { name } }')}`
    const answer = await get(mutation, preflight)
    expect(answer).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' })
    expect(answer.headers['allow']).toBe('GET, POST')
    expect(served.fixture.asked.every(({ request }) => !request.query.startsWith('mutation'))).toBe(true)
  })

  it.each([
    ['variables that are no JSON', `?${query}&variables=x`, 'JSON_INVALID'],
    ['a document given twice', `?${query}&${query}`, 'REQUEST_INVALID'],
    ['nothing', '', 'REQUEST_INVALID'],
  ])('refuses %s', async (_what, address, code) => {
    expect(await get(address, preflight)).toMatchObject({ status: 400, code })
  })

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('is not %s', async (method) => {
    expect(await served.send({ method })).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' })
  })
})

import { describe, expect, it } from '@jest/globals'
import { auditServer } from 'graphql-http'
import { type HttpFixture, openHttpFixture } from './http-fixture.ts'
import { shop } from './small-shop.ts'

/** A GET with a document in its address is refused without a header that other sites cannot send. */
const REFUSED_FOR_OTHER_SITES = ['5A70', '6A70', 'D6D5']

async function audit({ url }: HttpFixture, fetchFn: typeof fetch): Promise<readonly string[]> {
  const results = await auditServer({ url, fetchFn })
  expect(results).toHaveLength(61)
  return results.flatMap(({ id, status }) => (status === 'ok' ? [] : [`${status} ${id}`])).sort()
}

describe('the audit of GraphQL over HTTP (graphql-http)', () => {
  it('is passed in 61 of 61 points by a client that says it is no other site', async () => {
    await using http = await openHttpFixture(shop)
    const careful: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { ...init?.headers, 'x-graphql-preflight': '1' } })
    expect(await audit(http, careful)).toEqual([])
  })

  it('is passed in 58 by one that does not say so; the three optional ones are refused to it', async () => {
    await using http = await openHttpFixture(shop)
    expect(await audit(http, fetch)).toEqual(REFUSED_FOR_OTHER_SITES.map((id) => `notice ${id}`))
  })
})

import { describe, expect, it } from '@jest/globals'
import { parseAddress } from './address.ts'

describe('an address', () => {
  it('of IPv6 is dialled without brackets and named with them', () => {
    expect(parseAddress('a', 'http://[::1]:4101/graphql?x=1#y')).toEqual({
      isSecure: false,
      host: '::1',
      port: 4101,
      serverName: undefined,
      authority: '[::1]:4101',
      path: '/graphql?x=1',
    })
  })

  it('has the port of its scheme, and a name only where a certificate may bear it', () => {
    expect(parseAddress('a', 'https://shop.test')).toMatchObject({
      port: 443,
      serverName: 'shop.test',
      path: '/',
    })
    expect(parseAddress('a', 'http://127.0.0.1')).toMatchObject({ port: 80, serverName: undefined })
  })

  it.each(['ftp://shop.test/', 'shop', 'http://ada:secret@shop.test/graphql'])('is not %s', (url) => {
    const parse = (): unknown => parseAddress('a', url)
    expect(parse).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }))
    expect(parse).not.toThrow(/secret/)
  })
})

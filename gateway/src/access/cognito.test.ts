import { describe, expect, it } from '@jest/globals'
import { isCognito, isForUs, readCognitoPrincipal } from './cognito.ts'

const ada = { sub: 'u-1', username: 'ada', client_id: 'shop', token_use: 'access' }

describe('a token of Cognito', () => {
  it.each([
    ['a customer', {}, { kind: 'customer', customerId: 'u-1', scopes: [] }],
    ['a customer whom a trigger named', { customerId: 'CU-ada' }, { kind: 'customer', customerId: 'CU-ada' }],
    [
      'an operator with scopes by groups',
      { 'cognito:groups': ['operators', 'orders:read', 'vip'] },
      { kind: 'operator', operatorId: 'u-1', scopes: ['orders:read'] },
    ],
    [
      'an operator with scopes of a resource server',
      { 'cognito:groups': ['operators'], scope: 'openid aws.cognito.signin.user.admin stoa/stock:write' },
      { kind: 'operator', operatorId: 'u-1', scopes: ['stock:write'] },
    ],
    [
      'a kiosk',
      { 'cognito:groups': ['kiosks', 'location:MIL-01', 'stock:read'] },
      { kind: 'kiosk', deviceId: 'u-1', locationId: 'MIL-01', scopes: ['stock:read'] },
    ],
    ['a partner', { 'cognito:groups': ['partners'] }, { kind: 'partner', partnerId: 'u-1' }],
    [
      'a partner whose client signs in as itself',
      { sub: 'shop', username: undefined, scope: 'stoa/stock:read' },
      { kind: 'partner', partnerId: 'shop', scopes: ['stock:read'] },
    ],
  ])('is about %s', (_who, claims, principal) => {
    expect(readCognitoPrincipal({ ...ada, ...claims })).toMatchObject({ ok: true, value: principal })
  })

  it.each([
    ['a kiosk without a location', { 'cognito:groups': ['kiosks'] }],
    ['something unknown', { kind: 'robot' }],
  ])('is refused about %s', (_who, claims) => {
    expect(readCognitoPrincipal({ ...ada, ...claims })).toMatchObject({ ok: false })
  })

  it('is for us when one of our app clients asked for it, and only for access', () => {
    expect(isForUs(ada, ['kiosk', 'shop'])).toBe(true)
    expect(isForUs(ada, ['kiosk'])).toBe(false)
    expect(isForUs({ ...ada, token_use: 'id' }, ['shop'])).toBe(false)
    expect(isForUs({ ...ada, client_id: undefined, aud: 'shop' }, ['shop'])).toBe(false)
  })

  it('is known by the name of its issuer', () => {
    expect(isCognito('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC')).toBe(true)
    expect(isCognito('https://cognito-idp.eu-west-1.amazonaws.com.evil.example/x')).toBe(false)
    expect(isCognito('https://login.example')).toBe(false)
  })
})

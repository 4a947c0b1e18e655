import { describe, expect, it } from '@jest/globals'
import { issuerOption, rateOption } from './caller-options.ts'

describe('the options about callers', () => {
  it('find the keys of a user pool of Cognito where they are', () => {
    const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC'
    const problems: string[] = []
    const found = issuerOption({ issuer: [issuer], audience: ['shop'], jwks: [] }, problems)
    expect(found).toEqual({ issuer, audience: ['shop'], jwks: `${issuer}/.well-known/jwks.json` })
    expect(problems).toEqual([])
  })

  it('take keys in the clear only from this machine', () => {
    const problems: string[] = []
    const issuer = ['http://login.example']
    issuerOption({ issuer, audience: ['a'], jwks: [] }, problems)
    issuerOption({ issuer: ['https://a.example'], audience: [], jwks: ['http://a.example/jwks'] }, problems)
    expect(problems).toEqual([
      expect.stringMatching(/^--issuer: expected one https: URL .*, got "http:\/\/login.example"/),
      expect.stringMatching(/^--jwks: expected one https: URL .*, got "http:\/\/a.example\/jwks"/),
      expect.stringMatching(/^--audience: expected whom the tokens are for, got none/),
    ])
    issuerOption({ issuer: ['http://127.0.0.1:4020'], audience: ['a'], jwks: [] }, problems)
    expect(problems).toHaveLength(3)
  })

  it('read how often, and how often at once', () => {
    const problems: string[] = []
    expect(rateOption(['20'], problems)).toEqual({ perSecond: 20, capacity: 100 })
    expect(rateOption(['0.5:3'], problems)).toEqual({ perSecond: 0.5, capacity: 3 })
    expect(rateOption([], problems)).toBeUndefined()
    for (const bad of ['0', 'fast', '5:0', '-1', '']) expect(rateOption([bad], problems)).toBeUndefined()
    expect(rateOption(['1', '2'], problems)).toBeUndefined()
    expect(problems).toHaveLength(6)
  })
})

import { describe, expect, it } from '@jest/globals'
import { sharedResolvers } from './shared-resolvers.ts'

const { BigInt: BigIntScalar, Decimal, DateTime } = sharedResolvers

describe('BigInt', () => {
  it('leaves as a string and arrives as a bigint', () => {
    expect(BigIntScalar.serialize(1999)).toBe('1999')
    expect(BigIntScalar.serialize(2n ** 70n)).toBe('1180591620717411303424')
    expect(BigIntScalar.parseValue('-12')).toBe(-12n)
  })

  it('refuses fractions and words', () => {
    for (const value of [1.5, '1.5', 'one', null, '9'.repeat(101)]) {
      expect(() => BigIntScalar.parseValue(value)).toThrow('BigInt: expected a whole number')
    }
  })
})

describe('Decimal', () => {
  it('passes exact strings and refuses floats', () => {
    expect(Decimal.parseValue('19.90')).toBe('19.90')
    expect(() => Decimal.serialize(0.1)).toThrow('Decimal: expected a string')
  })
})

describe('DateTime', () => {
  it('leaves as RFC 3339 in UTC and arrives as milliseconds', () => {
    expect(DateTime.serialize(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(DateTime.parseValue('1970-01-01T01:00:00+01:00')).toBe(0)
  })

  it('refuses a time without a zone and a day that does not exist', () => {
    for (const value of ['2026', '2026-11-21T09:30:00', '2026-13-01T00:00:00Z', 5]) {
      expect(() => DateTime.parseValue(value)).toThrow('DateTime: expected a point in time')
    }
  })
})

import { describe, expect, it } from '@jest/globals'
import { dinero, allocate as dineroAllocate, toDecimal } from 'dinero.js'
import * as dineroCurrencies from 'dinero.js/currencies'
import fc from 'fast-check'
import { exponentOf } from './currency-exponent.ts'
import {
  addMoney,
  allocate,
  compareMoney,
  money,
  moneyToGraph,
  multiplyMoney,
  subtractMoney,
  sumMoney,
  taxContained,
} from './money.ts'

const eur = (minor: number) => money(minor, 'EUR')
const amounts = fc.maxSafeInteger().map(eur)
const ratioLists = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 })
  .filter((ratios) => ratios.some((ratio) => ratio > 0))

describe('money', () => {
  it('adds, subtracts, multiplies and compares in minor units', () => {
    expect(addMoney(eur(10), eur(20))).toEqual(eur(30))
    expect(subtractMoney(eur(10), eur(20))).toEqual(eur(-10))
    expect(multiplyMoney(eur(1999), 3)).toEqual(eur(5997))
    expect(multiplyMoney(eur(-5), 0)).toEqual(eur(0))
    expect(sumMoney([eur(1), eur(2), eur(3)], 'EUR')).toEqual(eur(6))
    expect(sumMoney([], 'GBP')).toEqual(money(0, 'GBP'))
    expect([eur(3), eur(-1), eur(2)].sort(compareMoney)).toEqual([eur(-1), eur(2), eur(3)])
  })

  it.each([[0.5], [Number.NaN], [2 ** 53], [Number.POSITIVE_INFINITY]])(
    'has no amount of %d minor units',
    (minor) => {
      expect(() => money(minor, 'EUR')).toThrow('whole number of minor units')
    },
  )

  it('does not lose a cent silently when a sum leaves the safe range', () => {
    expect(() => addMoney(eur(Number.MAX_SAFE_INTEGER), eur(1))).toThrow('Invariant broken')
    expect(() => multiplyMoney(eur(2 ** 40), 2 ** 20)).toThrow('Invariant broken')
  })

  it('does not mix currencies', () => {
    const gbp = money(1, 'GBP')
    expect(() => addMoney(eur(1), gbp)).toThrow('EUR and GBP')
    expect(() => subtractMoney(eur(1), gbp)).toThrow('EUR and GBP')
    expect(() => compareMoney(eur(1), gbp)).toThrow('EUR and GBP')
  })
})

describe('allocation', () => {
  it('gives the units left over to the largest remainders, the earlier one first', () => {
    expect(allocate(eur(100), [1, 1, 1]).map((part) => part.minor)).toEqual([34, 33, 33])
    expect(allocate(eur(1000), [5, 3, 3]).map((part) => part.minor)).toEqual([454, 273, 273])
    expect(allocate(eur(-100), [1, 1, 1]).map((part) => part.minor)).toEqual([-34, -33, -33])
    expect(allocate(eur(5), [0, 1, 0]).map((part) => part.minor)).toEqual([0, 5, 0])
  })

  it('has parts that add up to the whole, each within one unit of its exact share', () => {
    fc.assert(
      fc.property(amounts, ratioLists, (whole, ratios) => {
        const parts = allocate(whole, ratios)
        expect(parts.reduce((sum, part) => sum + BigInt(part.minor), 0n)).toBe(BigInt(whole.minor))
        const total = BigInt(ratios.reduce((sum, ratio) => sum + ratio, 0))
        parts.forEach((part, i) => {
          const exactTimesTotal = BigInt(whole.minor) * BigInt(ratios[i] ?? 0)
          const distance = BigInt(part.minor) * total - exactTimesTotal
          expect(distance < total && distance > -total).toBe(true)
        })
      }),
    )
  })

  it('gives a larger ratio never less', () => {
    fc.assert(
      fc.property(fc.nat().map(eur), ratioLists, (whole, ratios) => {
        const sorted = ratios.toSorted((a, b) => b - a)
        const parts = allocate(whole, sorted).map((part) => part.minor)
        expect(parts).toEqual(parts.toSorted((a, b) => b - a))
      }),
    )
  })

  it('agrees with dinero.js where its rule is the same: equal ratios', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 30 }), (minor, parts) => {
        const ratios = Array.from({ length: parts }, () => 1)
        const theirs = dineroAllocate(dinero({ amount: minor, currency: dineroCurrencies.EUR }), ratios)
        expect(allocate(eur(minor), ratios).map((part) => part.minor)).toEqual(
          theirs.map((part) => part.toJSON().amount),
        )
      }),
    )
  })

  it.each([[[]], [[0, 0]], [[-1, 2]], [[0.5]]])('refuses the ratios %j', (ratios) => {
    expect(() => allocate(eur(100), ratios)).toThrow('Invariant broken')
  })
})

describe('the tax inside a gross amount', () => {
  it.each([
    [12_200, 2200, 2200],
    [1999, 2200, 360],
    [119, 1900, 19],
    [1000, 0, 0],
    [-1999, 2200, -360],
    // Half a cent exactly: 3 at 20 % contains 0.5.
    [3, 2000, 1],
    [-3, 2000, -1],
  ])('of %d at %d basis points is %d', (gross, basisPoints, tax) => {
    expect(taxContained(eur(gross), basisPoints)).toEqual(eur(tax))
  })

  it('is the nearest whole unit for every amount and rate', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (gross, basisPoints) => {
        const tax = BigInt(taxContained(gross, basisPoints).minor)
        const divisor = 10_000n + BigInt(basisPoints)
        const twiceDistance = 2n * (tax * divisor - BigInt(gross.minor) * BigInt(basisPoints))
        expect(twiceDistance <= divisor && twiceDistance >= -divisor).toBe(true)
      }),
    )
  })
})

describe('money in the graph', () => {
  it('is text in minor units and text with a point', () => {
    expect(moneyToGraph(eur(1999))).toEqual({
      amountMinor: '1999',
      currency: 'EUR',
      exponent: 2,
      amount: '19.99',
    })
    expect(moneyToGraph(eur(-5)).amount).toBe('-0.05')
    expect(moneyToGraph(eur(0)).amount).toBe('0.00')
  })

  it('reads as dinero.js writes it', () => {
    fc.assert(
      fc.property(fc.nat(), (minor) => {
        expect(moneyToGraph(eur(minor)).amount).toBe(
          toDecimal(dinero({ amount: minor, currency: dineroCurrencies.EUR })),
        )
      }),
    )
  })
})

describe('exponents', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['HUF', 2],
    ['KWD', 3],
    ['CLF', 4],
    ['XAU', undefined],
    ['eur', undefined],
  ])('of %s is %s', (code, exponent) => {
    expect(exponentOf(code)).toBe(exponent)
  })

  it('agree with dinero.js for every currency both know', () => {
    const known = Object.values(dineroCurrencies).filter(({ code }) => exponentOf(code) !== undefined)
    expect(known.length).toBeGreaterThan(140)
    // Ouguiya and ariary are divided by five; ISO 4217 lists them with 2 digits all the same.
    const different = known.filter(({ code, exponent, base }) => base === 10 && exponentOf(code) !== exponent)
    expect(different.map(({ code }) => code)).toEqual([])
  })

  it('are known for every currency the JavaScript engine names that still has a minor unit', () => {
    const unknown = Intl.supportedValuesOf('currency').filter((code) => exponentOf(code) === undefined)
    const withdrawn = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL']
    const withoutMinorUnit = ['XDR', 'XSU']
    expect(unknown.toSorted()).toEqual([...withdrawn, ...withoutMinorUnit].sort())
  })
})

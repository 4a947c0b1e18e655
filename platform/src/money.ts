import { exponentOf } from './currency-exponent.ts'
import { invariant } from './invariant.ts'
import type { Currency } from './market.ts'

/** An amount in whole minor units (cents, pence, rappen), within ±(2^53 − 1). Negative for what is given back. */
export interface Money {
  readonly minor: number
  readonly currency: Currency
}

/** `Money` of schema/shared.graphql. */
export interface GraphMoney {
  /** Whole minor units as text: GraphQL's Int ends at 2^31. */
  readonly amountMinor: string
  readonly currency: Currency
  /** How many of the digits are behind the point. */
  readonly exponent: number
  /** `19.99` */
  readonly amount: string
}

export function money(minor: number, currency: Currency): Money {
  invariant(
    Number.isSafeInteger(minor),
    `an amount is a whole number of minor units within ±2^53, not ${minor}`,
  )
  // -0 would be another value than 0 to deep comparison and to JSON.
  return { minor: minor === 0 ? 0 : minor, currency }
}

export function addMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b)
  return money(a.minor + b.minor, a.currency)
}

export function subtractMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b)
  return money(a.minor - b.minor, a.currency)
}

/** By a whole number, such as a quantity. */
export function multiplyMoney(amount: Money, times: number): Money {
  invariant(Number.isSafeInteger(times), `an amount is multiplied by a whole number, not ${times}`)
  return money(amount.minor * times, amount.currency)
}

/** The sum of amounts of one currency; zero of that currency when there are none. */
export function sumMoney(amounts: readonly Money[], currency: Currency): Money {
  return amounts.reduce(addMoney, money(0, currency))
}

/** Negative, zero or positive, for sorting. */
export function compareMoney(a: Money, b: Money): number {
  assertSameCurrency(a, b)
  return a.minor - b.minor
}

/**
 * Splits an amount by whole ratios so that the parts add up to it: each gets its share rounded down, and the
 * units left over go one each to the largest remainders (Hamilton's method), the earlier one first on a tie.
 */
export function allocate(amount: Money, ratios: readonly number[]): readonly Money[] {
  const total = ratios.reduce((sum, ratio) => sum + ratio, 0)
  invariant(
    ratios.every((ratio) => Number.isSafeInteger(ratio) && ratio >= 0),
    'ratios are whole and not negative',
  )
  invariant(total > 0 && Number.isSafeInteger(total), 'ratios add up to more than 0 and less than 2^53')
  const sign = amount.minor < 0 ? -1 : 1
  const shares = ratios.map((ratio) => multiplyDivide(Math.abs(amount.minor), ratio, total))
  const left = shares.reduce((rest, share) => rest - share.quotient, Math.abs(amount.minor))
  const byRemainder = shares
    .map((_, i) => i)
    .sort((a, b) => remainderAt(shares, b) - remainderAt(shares, a) || a - b)
  const lucky = new Set(byRemainder.slice(0, left))
  return shares.map((share, i) => money(sign * (share.quotient + (lucky.has(i) ? 1 : 0)), amount.currency))
}

/**
 * The tax inside a gross amount: `gross × rate ÷ (1 + rate)`, rounded half away from zero to the minor unit
 * ("half up", what invoices of EU shops commonly do). The rate is in basis points: 2,200 is 22 %.
 */
export function taxContained(gross: Money, basisPoints: number): Money {
  invariant(
    Number.isSafeInteger(basisPoints) && basisPoints >= 0,
    `a tax rate is whole basis points, not ${basisPoints}`,
  )
  const divisor = 10_000 + basisPoints
  const { quotient, remainder } = multiplyDivide(Math.abs(gross.minor), basisPoints, divisor)
  const rounded = remainder * 2 >= divisor ? quotient + 1 : quotient
  return money(gross.minor < 0 ? -rounded : rounded, gross.currency)
}

export function moneyToGraph(amount: Money): GraphMoney {
  const exponent = exponentOf(amount.currency)
  invariant(exponent !== undefined, `${amount.currency} is a currency with minor units`)
  return {
    amountMinor: String(amount.minor),
    currency: amount.currency,
    exponent,
    amount: decimalText(amount.minor, exponent),
  }
}

/** `-1999` with exponent 2 is `-19.99`. */
function decimalText(minor: number, exponent: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  const sign = minor < 0 ? '-' : ''
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

interface Share {
  readonly quotient: number
  readonly remainder: number
}

/** `a × b ÷ divisor` for whole numbers from 0, exact even where the product is beyond 2^53. */
function multiplyDivide(a: number, b: number, divisor: number): Share {
  const product = a * b
  if (product <= Number.MAX_SAFE_INTEGER) {
    return { quotient: Math.floor(product / divisor), remainder: product % divisor }
  }
  const exact = BigInt(a) * BigInt(b)
  return { quotient: Number(exact / BigInt(divisor)), remainder: Number(exact % BigInt(divisor)) }
}

function remainderAt(shares: readonly Share[], i: number): number {
  return shares[i]?.remainder ?? 0
}

function assertSameCurrency(a: Money, b: Money): void {
  invariant(
    a.currency === b.currency,
    `amounts of one currency are compared, not ${a.currency} and ${b.currency}`,
  )
}

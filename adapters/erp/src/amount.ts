import { invariant } from '@stoa/platform/invariant'
import type { Currency } from '@stoa/platform/market'

/** Digits behind the decimal point, ISO 4217. Mastro writes amounts as decimal text. */
const EXPONENTS: Readonly<Record<Currency, number>> = { EUR: 2, GBP: 2, CHF: 2 }

/** 4990 minor units of EUR as "49.90". */
export function toDecimalText(minor: number, currency: string): string {
  const exponent = exponentOf(currency)
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  const sign = minor < 0 ? '-' : ''
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** "49.90" as 4990; undefined when the text is no amount of this currency, so that nothing is ever rounded. */
export function fromDecimalText(text: string, currency: Currency): number | undefined {
  const exponent = EXPONENTS[currency]
  const parts = /^(\d{1,12})\.(\d+)$/.exec(text)
  return parts && parts[2]?.length === exponent ? Number(`${parts[1]}${parts[2]}`) : undefined
}

function exponentOf(currency: string): number {
  invariant(isCurrency(currency), `a currency the shop sells in, got ${currency}`)
  return EXPONENTS[currency]
}

function isCurrency(text: string): text is Currency {
  return Object.hasOwn(EXPONENTS, text)
}

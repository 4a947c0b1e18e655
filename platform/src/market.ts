/** A market decides what a customer pays in and which tax is contained in the price. */
export interface Market {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  readonly currency: Currency
  /** Basis points (1/100 of a per cent) contained in gross prices: 2,200 is 22 %. Standard VAT rates of 2026. */
  readonly taxBasisPoints: number
  /** BCP 47. */
  readonly language: string
}

/** The currencies the shop sells in; the same list as `CurrencyCode` in schema/shared.graphql. */
export type Currency = 'EUR' | 'GBP' | 'CHF'

export const markets: readonly Market[] = [
  { code: 'IT', currency: 'EUR', taxBasisPoints: 2200, language: 'it' },
  { code: 'DE', currency: 'EUR', taxBasisPoints: 1900, language: 'de' },
  { code: 'GB', currency: 'GBP', taxBasisPoints: 2000, language: 'en' },
  { code: 'CH', currency: 'CHF', taxBasisPoints: 810, language: 'de' },
]

/** What a request without `@inContext(market:)` gets. */
export const defaultMarket = 'IT'

export function findMarket(code: string): Market | undefined {
  return markets.find((market) => market.code === code)
}

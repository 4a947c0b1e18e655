import type { Money } from '@stoa/platform/money'

/** What somebody means to buy, and afterwards which order it became. */
export type Cart = OpenCart | CheckedOutCart

export interface OpenCart extends CartContent {
  readonly status: 'OPEN'
}

export interface CheckedOutCart extends CartContent {
  readonly status: 'CHECKED_OUT'
  readonly orderId: string
}

export interface CartContent {
  readonly cartId: string
  /** Decides currency, prices and tax; fixed when the cart was opened. */
  readonly market: string
  /** Absent for a guest; the first customer who changes a guest's cart makes it theirs. */
  readonly customerId?: string
  readonly lines: readonly CartLine[]
  /** The number of the next line; never used twice. */
  readonly nextLine: number
}

export interface CartLine {
  readonly lineId: string
  readonly sku: string
  readonly quantity: number
  /** What one cost when the customer last changed this line, minor units. */
  readonly seenMinor: number
}

/** What a variant costs today in one market. */
export interface Price {
  readonly amount: Money
  readonly productId: string
  /** What a receipt calls it. */
  readonly name: string
}

/** Today's prices of one market, by SKU; what is absent is not sold there. */
export type PriceList = ReadonlyMap<string, Price>

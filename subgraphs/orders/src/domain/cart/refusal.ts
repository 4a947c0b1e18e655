import type { Currency } from '@stoa/platform/market'
import type { Money } from '@stoa/platform/money'

/** Why a cart, or its checkout, says no. `path` is where in the input. */
export type CartRefusal =
  | SimpleRefusal
  | OutOfRange
  | UnknownSku
  | CurrencyMismatch
  | AlreadyCheckedOut
  | TotalChanged

export type RefusalPath = readonly (string | number)[]

export interface SimpleRefusal {
  readonly code:
    | 'ADDRESS_INVALID'
    | 'ADDRESS_MISSING'
    | 'AMOUNT_INVALID'
    | 'CART_EMPTY'
    | 'CART_NOT_FOUND'
    | 'COUNTRY_NOT_SERVED'
    | 'EMAIL_INVALID'
    | 'IDEMPOTENCY_KEY_INVALID'
    | 'IDEMPOTENCY_KEY_REQUIRED'
    | 'IDEMPOTENCY_KEY_REUSED'
    | 'LOCATION_MISSING'
    | 'PAYMENT_TOKEN_INVALID'
    | 'UNKNOWN_LINE'
    | 'UNKNOWN_LOCATION'
    | 'UNKNOWN_MARKET'
  readonly message: string
  readonly path: RefusalPath
}

export interface OutOfRange {
  readonly code: 'QUANTITY_OUT_OF_RANGE'
  readonly message: string
  readonly path: RefusalPath
  readonly min: number
  readonly max: number
}

export interface UnknownSku {
  readonly code: 'UNKNOWN_SKU'
  readonly message: string
  readonly path: RefusalPath
  readonly sku: string
}

export interface CurrencyMismatch {
  readonly code: 'CURRENCY_MISMATCH'
  readonly message: string
  readonly path: RefusalPath
  readonly expected: Currency
}

export interface AlreadyCheckedOut {
  readonly code: 'CART_ALREADY_CHECKED_OUT'
  readonly message: string
  readonly path: RefusalPath
  readonly orderId: string
}

export interface TotalChanged {
  readonly code: 'PRICE_CHANGED'
  readonly message: string
  readonly path: RefusalPath
  readonly expectedTotal: Money
  readonly newTotal: Money
}

export function cartNotFound(): SimpleRefusal {
  const message = 'Expected the id of a cart that you may see, found none. Check the id, or open a new cart.'
  return { code: 'CART_NOT_FOUND', message, path: ['cartId'] }
}

export function alreadyCheckedOut(orderId: string): AlreadyCheckedOut {
  const message = `Expected an open cart, this one became the order ${orderId}. Open a new cart to buy more.`
  return { code: 'CART_ALREADY_CHECKED_OUT', message, path: ['cartId'], orderId }
}

import type { Currency } from '@stoa/platform/market'
import type { Result } from '@stoa/platform/result'

/** Whole minor units of a currency. */
export interface Amount {
  readonly minor: number
  readonly currency: Currency
}

/** Who takes the customer's money. Every call may be repeated: an order has at most one authorisation. */
export interface Payments {
  /** Asks again for an order that was authorised before answer the same payment. */
  authorise(request: AuthoriseRequest): Promise<Result<Authorised, Declined>>
  /** Takes what was authorised; a second time changes nothing. */
  capture(request: CaptureRequest): Promise<void>
  /** Gives an authorisation back; a second time changes nothing. */
  voidAuthorisation(request: VoidRequest): Promise<void>
}

export interface AuthoriseRequest {
  readonly orderId: string
  readonly amount: Amount
  readonly paymentToken: string
  readonly signal: AbortSignal
}

export interface Authorised {
  readonly paymentId: string
}

export interface Declined {
  readonly code: 'DECLINED'
  /** insufficient_funds, expired_card, suspected_fraud, other. */
  readonly reason: string
}

export interface CaptureRequest {
  readonly orderId: string
  readonly paymentId: string
  readonly amount: Amount
  readonly signal: AbortSignal
}

export interface VoidRequest {
  readonly orderId: string
  readonly paymentId: string
  readonly signal: AbortSignal
}

/** The books of the company. Posting an order twice answers the first posting. */
export interface Ledger {
  post(request: PostRequest): Promise<Posted>
}

export interface PostRequest {
  readonly orderId: string
  readonly orderNumber: string
  readonly market: string
  readonly lines: readonly PostLine[]
  /** Contained in the total. */
  readonly tax: Amount
  readonly shipping: Amount
  readonly total: Amount
  readonly signal: AbortSignal
}

export interface PostLine {
  readonly lineId: string
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPrice: Amount
  readonly total: Amount
}

export interface Posted {
  /** The ledger's document number. */
  readonly postingId: string
}

import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Result } from '@stoa/platform/result'
import { openUpstream, type Upstream, type UpstreamAnswer } from '@stoa/platform/upstream'
import {
  authorisationAnswer,
  changeAnswer,
  type TheirAuthorisation,
  toAuthorised,
  toTheirAmount,
} from './translate.ts'

/** Cassa, a card payment provider: authorise now, capture once the goods are on their way, or void. */
export interface PaymentClient extends AsyncDisposable {
  /** Asks once per order, however often it is called. */
  authorise(request: AuthoriseRequest): Promise<Result<Authorised, Declined>>
  capture(request: CaptureRequest): Promise<void>
  voidAuthorisation(request: VoidRequest): Promise<void>
}

export interface PaymentClientOptions {
  readonly url: string
  readonly log: Log
  readonly timeoutMs?: number
  readonly clock?: Clock
}

/** Whole minor units of an ISO 4217 currency. */
export interface Amount {
  readonly minor: number
  readonly currency: string
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
  readonly reason: DeclineReason
}

export type DeclineReason = 'insufficient_funds' | 'expired_card' | 'suspected_fraud' | 'other'

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

/** Header by which Cassa recognises a repeat and gives the first answer again. */
const KEY_HEADER = 'cassa-idempotency-key'

export function createPaymentClient(options: PaymentClientOptions): PaymentClient {
  const upstream = openUpstream({ name: 'payment', ...options })
  return {
    async authorise(request) {
      return toAuthorised(await authorise(upstream, request))
    },
    async capture({ orderId, paymentId, amount, signal }) {
      await change(upstream, { paymentId, what: 'captures', key: `capture-${orderId}`, amount, signal })
    },
    async voidAuthorisation({ paymentId, signal }) {
      // By payment, not by order: an order may have a surplus authorisation that has to go back too.
      await change(upstream, { paymentId, what: 'voids', key: `void-${paymentId}`, signal })
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

function authorise(
  upstream: Upstream,
  request: AuthoriseRequest,
): Promise<UpstreamAnswer<TheirAuthorisation>> {
  return upstream.call({
    method: 'POST',
    path: '/v2/authorisations',
    headers: { [KEY_HEADER]: `authorise-${request.orderId}` },
    body: {
      reference: request.orderId,
      amount: toTheirAmount(request.amount),
      source: { token: request.paymentToken },
    },
    accept: [201, 402],
    answer: authorisationAnswer,
    repeatable: true,
    signal: request.signal,
  })
}

interface Change {
  readonly paymentId: string
  readonly what: 'captures' | 'voids'
  readonly key: string
  readonly amount?: Amount
  readonly signal: AbortSignal
}

async function change(upstream: Upstream, { paymentId, what, key, amount, signal }: Change): Promise<void> {
  await upstream.call({
    method: 'POST',
    path: `/v2/authorisations/${encodeURIComponent(paymentId)}/${what}`,
    headers: { [KEY_HEADER]: key },
    body: amount ? { amount: toTheirAmount(amount) } : {},
    accept: [200],
    answer: changeAnswer,
    repeatable: true,
    signal,
  })
}

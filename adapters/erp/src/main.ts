import type { Clock } from '@stoa/platform/clock'
import type { Log } from '@stoa/platform/log'
import type { Money } from '@stoa/platform/money'
import { openUpstream } from '@stoa/platform/upstream'
import { postingAnswer, toDocument } from './translate.ts'

/** Mastro, an enterprise resource planner: keeps the books, and tells of new prices and product texts by notice. */
export interface ErpClient extends AsyncDisposable {
  /** Books a fulfilled order once, however often it is called; a repeat answers the first posting. */
  post(request: PostRequest): Promise<Posted>
}

export interface ErpClientOptions {
  readonly url: string
  readonly log: Log
  readonly timeoutMs?: number
  readonly clock?: Clock
}

export interface PostRequest {
  readonly orderId: string
  readonly orderNumber: string
  readonly market: string
  readonly lines: readonly PostLine[]
  /** Contained in the total. */
  readonly tax: Money
  readonly shipping: Money
  readonly total: Money
  readonly signal: AbortSignal
}

export interface PostLine {
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPrice: Money
  readonly total: Money
}

export interface Posted {
  /** Their document number. */
  readonly postingId: string
}

export function createErpClient(options: ErpClientOptions): ErpClient {
  const upstream = openUpstream({ name: 'ERP', ...options })
  return {
    async post(request) {
      const { body } = await upstream.call({
        method: 'POST',
        path: '/books/postings',
        body: toDocument(request),
        accept: [200, 201],
        answer: postingAnswer,
        repeatable: true,
        signal: request.signal,
      })
      return { postingId: body.posting_number }
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

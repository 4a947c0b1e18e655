import { type Currency, findMarket, markets } from '@stoa/platform/market'
import { err, ok, type Result } from '@stoa/platform/result'
import type { OpenCart } from './cart.ts'
import type { CartRefusal } from './refusal.ts'

export interface OpenCartRequest {
  readonly cartId: string
  readonly market: string
  readonly customerId?: string
  /** What the customer wants to pay in; only a check. */
  readonly currency?: Currency
}

/** An empty cart in a market. */
export function openCart(request: OpenCartRequest): Result<OpenCart, readonly CartRefusal[]> {
  const market = findMarket(request.market)
  if (!market) return err([unknownMarket(request.market)])
  const { cartId, customerId, currency = market.currency } = request
  if (currency !== market.currency) return err([otherCurrency(market, currency, ['currency'])])
  const owner = customerId === undefined ? {} : { customerId }
  return ok({ status: 'OPEN', cartId, market: market.code, ...owner, lines: [], nextLine: 1 })
}

export function otherCurrency(
  market: { readonly code: string; readonly currency: Currency },
  got: Currency,
  path: readonly string[],
): CartRefusal {
  const message = `Expected ${market.currency}, the currency of market ${market.code}, got ${got}.`
  return { code: 'CURRENCY_MISMATCH', message, path, expected: market.currency }
}

function unknownMarket(code: string): CartRefusal {
  const known = markets.map((market) => market.code).join(', ')
  return {
    code: 'UNKNOWN_MARKET',
    message: `Expected a market of ${known}, got "${code.slice(0, 20)}".`,
    path: ['market'],
  }
}

import { invariant } from '@stoa/platform/invariant'
import { findMarket } from '@stoa/platform/market'
import type { Money } from '@stoa/platform/money'
import type { EventDeliveryMethod } from '@stoa/schema/events'

/** Minor units of the market's currency. */
interface Rate {
  readonly flat: number
  readonly freeFrom: number
}

const RATES: Readonly<Record<string, Rate>> = {
  IT: { flat: 590, freeFrom: 10_000 },
  DE: { flat: 490, freeFrom: 8_000 },
  GB: { flat: 450, freeFrom: 8_000 },
  CH: { flat: 790, freeFrom: 12_000 },
}

/** What delivery costs: a flat rate per market, nothing from a threshold on; fetching it oneself is free. */
export function shippingCost(market: string, method: EventDeliveryMethod, subtotal: Money): Money {
  const rate = RATES[market]
  invariant(
    rate && findMarket(market)?.currency === subtotal.currency,
    `there is a rate for market ${market}`,
  )
  const free = method === 'PICKUP' || subtotal.minor === 0 || subtotal.minor >= rate.freeFrom
  return { minor: free ? 0 : rate.flat, currency: subtotal.currency }
}

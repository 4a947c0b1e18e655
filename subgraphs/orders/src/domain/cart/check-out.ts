import type { Currency } from '@stoa/platform/market'
import type { Money } from '@stoa/platform/money'
import { err, ok, type Result } from '@stoa/platform/result'
import type { EventDelivery, OrderCreated } from '@stoa/schema/events'
import type { Cart, OpenCart, PriceList } from './cart.ts'
import { unknownSku } from './change-cart.ts'
import { type DeliveryWish, parseDelivery, unknownLocation } from './delivery.ts'
import { otherCurrency } from './open-cart.ts'
import { type PricedCart, type PricedLine, priceCart, seenPrices } from './price-cart.ts'
import { alreadyCheckedOut, type CartRefusal } from './refusal.ts'

export interface CheckOutRequest {
  readonly orderId: string
  readonly orderNumber: string
  readonly customerId?: string
  readonly email: string
  readonly language: string
  readonly delivery: DeliveryWish
  /** Of a pickup: whether the place named is a store. */
  readonly isStore: boolean
  readonly paymentToken: string
  /** What the customer was shown; without it, what they saw line by line. */
  readonly expectedTotal?: { readonly minor: number; readonly currency: Currency }
}

/** The order a cart becomes at today's prices, or every reason why it does not. */
export function checkOut(
  cart: Cart,
  prices: PriceList,
  request: CheckOutRequest,
): Result<OrderCreated, readonly CartRefusal[]> {
  if (cart.status === 'CHECKED_OUT') return err([alreadyCheckedOut(cart.orderId)])
  const priced = priceCart(cart, prices)
  const delivery = parseDelivery(request.delivery, priced.market)
  const refusals = [
    ...contactRefusals(request),
    ...contentRefusals(cart, priced),
    ...(delivery.ok ? pickupRefusals(delivery.value, request) : [delivery.error]),
  ]
  if (refusals.length > 0 || !delivery.ok) return err(refusals)
  const changed = totalRefusal(cart, { prices, priced }, request)
  return changed ? err([changed]) : ok(orderOf(priced, delivery.value, request))
}

function orderOf(priced: PricedCart, delivery: EventDelivery, request: CheckOutRequest): OrderCreated {
  const { shipping, tax, total } = priced.options[delivery.method]
  const { orderId, orderNumber, customerId, language, paymentToken } = request
  return {
    orderId,
    orderNumber,
    ...(customerId === undefined ? {} : { customerId }),
    email: request.email.trim(),
    language,
    market: priced.market.code,
    lines: priced.lines.flatMap(orderLine),
    subtotal: priced.subtotal,
    shipping,
    tax,
    total,
    delivery,
    paymentToken,
  }
}

function orderLine({ line, sold }: PricedLine): OrderCreated['lines'] {
  const { lineId, sku, quantity } = line
  return sold ? [{ lineId, sku, quantity, ...sold }] : []
}

/** Deliberately loose: only the address itself knows whether it gets mail. */
const EMAIL = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@.<>(),;:"]+$/
const LONGEST_EMAIL = 254
/** Printable, no spaces: an opaque handle, never a card number typed in. */
const PAYMENT_TOKEN = /^[\x21-\x7e]{1,256}$/
const CARD_NUMBER = /^(?:\d[ -]?){13,19}$/

function contactRefusals({ email, paymentToken }: CheckOutRequest): readonly CartRefusal[] {
  const refusals: CartRefusal[] = []
  const address = email.trim()
  if (address.length > LONGEST_EMAIL || !EMAIL.test(address)) {
    const message = 'Expected an e-mail address such as ada@example.com.'
    refusals.push({ code: 'EMAIL_INVALID', message, path: ['email'] })
  }
  if (!PAYMENT_TOKEN.test(paymentToken) || CARD_NUMBER.test(paymentToken)) {
    const message = 'Expected the token the payment provider gave you, never a card number.'
    refusals.push({ code: 'PAYMENT_TOKEN_INVALID', message, path: ['paymentToken'] })
  }
  return refusals
}

function contentRefusals(cart: OpenCart, { lines }: PricedCart): readonly CartRefusal[] {
  if (lines.length === 0) {
    return [
      {
        code: 'CART_EMPTY',
        message: 'Expected a cart with something in it. Add a line first.',
        path: ['cartId'],
      },
    ]
  }
  return lines.filter(({ sold }) => !sold).map(({ line }) => unknownSku(cart, line.sku, ['cartId']))
}

function pickupRefusals({ locationId }: EventDelivery, { isStore }: CheckOutRequest): readonly CartRefusal[] {
  return locationId === undefined || isStore ? [] : [unknownLocation(locationId)]
}

function totalRefusal(
  cart: Cart,
  { prices, priced }: { readonly prices: PriceList; readonly priced: PricedCart },
  request: CheckOutRequest,
): CartRefusal | undefined {
  const { method } = request.delivery
  const newTotal = priced.options[method].total
  const expectedTotal: Money =
    request.expectedTotal ?? priceCart(cart, seenPrices(cart, prices)).options[method].total
  const path = ['expectedTotal']
  if (expectedTotal.currency !== newTotal.currency)
    return otherCurrency(priced.market, expectedTotal.currency, path)
  if (expectedTotal.minor === newTotal.minor) return undefined
  const message =
    'The total is not what you expected; nothing was charged. Show the new total and ask again with it.'
  return { code: 'PRICE_CHANGED', message, path, expectedTotal, newTotal }
}

import { moneyToGraph } from '@stoa/platform/money'
import { toUserError } from '@stoa/platform/user-error'
import type { CartRefusal } from '../domain/cart/refusal.ts'
import type { OrderRefusal } from '../domain/order/refusal.ts'

/** A refusal as `userErrors` shows it, with the type that carries its data. */
export function cartUserError(refusal: CartRefusal): object {
  switch (refusal.code) {
    case 'QUANTITY_OUT_OF_RANGE':
      return toUserError(refusal, 'CartQuantityOutOfRange')
    case 'UNKNOWN_SKU':
      return toUserError(refusal, 'CartUnknownSku')
    case 'CURRENCY_MISMATCH':
      return toUserError(refusal, 'CartCurrencyMismatch')
    case 'CART_ALREADY_CHECKED_OUT':
      return toUserError(refusal, 'CartAlreadyCheckedOut')
    case 'PRICE_CHANGED': {
      const { expectedTotal, newTotal } = refusal
      const amounts = { expectedTotal: moneyToGraph(expectedTotal), newTotal: moneyToGraph(newTotal) }
      return { ...toUserError(refusal, 'CheckoutTotalChanged'), ...amounts }
    }
    default:
      return toUserError(refusal)
  }
}

export function orderUserError(refusal: OrderRefusal): object {
  const path = ['orderId']
  return refusal.code === 'ORDER_NOT_CANCELLABLE'
    ? toUserError({ ...refusal, path }, 'OrderNotCancellable')
    : toUserError({ ...refusal, path })
}

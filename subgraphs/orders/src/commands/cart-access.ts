import type { Principal } from '@stoa/platform/subgraph'
import type { Cart, OpenCart } from '../domain/cart/cart.ts'

/** A customer's cart is theirs alone; a guest's is for whoever holds its id. */
export function maySeeCart(principal: Principal, cart: Cart): boolean {
  return cart.customerId === undefined || customerOf(principal) === cart.customerId
}

/** A guest's cart becomes the customer's who changes it: they signed in on the way. */
export function adopted(principal: Principal, cart: OpenCart): OpenCart {
  const customerId = customerOf(principal)
  return cart.customerId === undefined && customerId !== undefined ? { ...cart, customerId } : cart
}

export function customerOf(principal: Principal): string | undefined {
  return principal.kind === 'customer' ? principal.customerId : undefined
}

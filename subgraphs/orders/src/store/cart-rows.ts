import type { JsonObject } from '@stoa/platform/json'
import type { Row, RowKey, RowVersion, RowWrite, TableStore } from '@stoa/platform/table-store'
import type { Cart } from '../domain/cart/cart.ts'

export interface StoredCart {
  readonly cart: Cart
  readonly version: RowVersion
}

/** In the order of the ids, `undefined` where there is none. */
export async function loadCarts(
  store: TableStore,
  cartIds: readonly string[],
): Promise<readonly (StoredCart | undefined)[]> {
  const rows = await store.getMany(cartIds.map(cartKey))
  return rows.map((row) => row && { cart: readCart(row), version: { version: row.version } })
}

/** A forgotten cart is kept for 90 days after its last change. */
const KEPT_MS = 90 * 86_400_000

export function cartRow(cart: Cart, expect: 'absent' | RowVersion, now: number): RowWrite {
  return { ...cartKey(cart.cartId), value: asJson(cart), expect, expiresAt: now + KEPT_MS }
}

/** What those who change a cart take turns for. */
export function cartName(cartId: string): string {
  return `cart-${cartId}`
}

function cartKey(cartId: string): RowKey {
  return { table: 'carts', partition: cartId, sort: 'cart' }
}

function readCart(row: Row): Cart {
  // Only cartRow writes this table, and from a Cart.
  return row.value as unknown as Cart
}

function asJson(cart: Cart): JsonObject {
  // A cart is plain JSON by construction; its interface only lacks the index signature.
  return cart as unknown as JsonObject
}

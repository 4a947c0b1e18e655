import type { Order } from './state.ts'

/** Who asks, as far as an order cares. */
export type Viewer =
  | { readonly kind: 'customer'; readonly customerId: string }
  /** Somebody of the shop, with what they were given. */
  | { readonly kind: 'operator'; readonly mayRead: boolean; readonly mayWrite: boolean }
  /** Nobody in particular: what they hold is the order's unguessable id. */
  | { readonly kind: 'holder' }

/** A customer sees their own orders, the holder of its id a guest's, an operator those the shop lets them see. */
export function maySee(viewer: Viewer, order: Order): boolean {
  return viewer.kind === 'operator' ? viewer.mayRead : isTheirs(viewer, order)
}

export function mayCancel(viewer: Viewer, order: Order): boolean {
  return viewer.kind === 'operator' ? viewer.mayRead && viewer.mayWrite : isTheirs(viewer, order)
}

function isTheirs(viewer: Exclude<Viewer, { kind: 'operator' }>, order: Order): boolean {
  const owner = order.placed.customerId ?? undefined
  if (owner === undefined) return true
  return viewer.kind === 'customer' && viewer.customerId === owner
}

import type { CommandPorts } from '@stoa/platform/handle-command'
import type { IdempotencyKey } from '@stoa/platform/idempotency'
import { err, mapResult, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { Cart } from '../domain/cart/cart.ts'
import { type CartAction, changeCart } from '../domain/cart/change-cart.ts'
import { ACTIONS } from '../domain/cart/limits.ts'
import { type CartRefusal, cartNotFound } from '../domain/cart/refusal.ts'
import { cartName, cartRow, loadCarts } from '../store/cart-rows.ts'
import { loadPriceList } from '../store/price-rows.ts'
import { adopted, maySeeCart } from './cart-access.ts'
import { type Attempted, commitOnce } from './commit-once.ts'

export interface CartUpdate {
  readonly cartId: string
  readonly actions: readonly CartAction[]
  readonly idempotency: IdempotencyKey | undefined
  readonly request: RequestContext
}

/** Applies all changes to the cart as it is then, or none. */
export function updateCart(
  ports: CommandPorts,
  update: CartUpdate,
): Promise<Result<Cart, readonly CartRefusal[]>> {
  return commitOnce(ports, { what: cartName(update.cartId), key: update.idempotency }, () =>
    attempt(ports, update),
  )
}

async function attempt(ports: CommandPorts, update: CartUpdate): Promise<Attempted<Cart>> {
  const { principal } = update.request
  const [stored] = await loadCarts(ports.store, [update.cartId])
  if (!stored || !maySeeCart(principal, stored.cart)) return err([cartNotFound()])
  const prices = await loadPriceList(ports.store, stored.cart.market, skusOf(stored.cart, update.actions))
  return mapResult(changeCart(stored.cart, update.actions, prices), (changed) => {
    const outcome = adopted(principal, changed)
    return { outcome, transaction: { rows: [cartRow(outcome, stored.version, ports.clock.now())] } }
  })
}

function skusOf(cart: Cart, actions: readonly CartAction[]): readonly string[] {
  const added = actions
    .slice(0, ACTIONS.max)
    .flatMap((action) => (action.type === 'addLine' ? [action.sku] : []))
  return [...cart.lines.map((line) => line.sku), ...added]
}

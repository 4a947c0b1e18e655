import type { CommandPorts } from '@stoa/platform/handle-command'
import type { Currency } from '@stoa/platform/market'
import { err, mapResult, type Result } from '@stoa/platform/result'
import type { RequestContext } from '@stoa/platform/subgraph'
import type { Cart } from '../domain/cart/cart.ts'
import { type FirstLine, fillCart } from '../domain/cart/change-cart.ts'
import { FIRST_LINES } from '../domain/cart/limits.ts'
import { openCart } from '../domain/cart/open-cart.ts'
import type { CartRefusal } from '../domain/cart/refusal.ts'
import { cartName, cartRow } from '../store/cart-rows.ts'
import { loadPriceList } from '../store/price-rows.ts'
import { customerOf } from './cart-access.ts'
import { commitOnce } from './commit-once.ts'
import { requestKey } from './request-key.ts'

export interface CartCreateInput {
  readonly market?: string | null
  readonly currency?: Currency | null
  readonly lines?: readonly FirstLine[] | null
  readonly idempotencyKey?: string | null
}

/** Opens a cart, once per idempotency key when there is one. */
export async function createCart(
  ports: CommandPorts,
  input: CartCreateInput,
  request: RequestContext,
): Promise<Result<Cart, readonly CartRefusal[]>> {
  const key = requestKey({ request, operation: 'cartCreate', about: '', input })
  if (!key.ok) return err([key.error])
  // A new cart is nobody else's; only under a key may somebody make the same one.
  const what = cartName(key.value?.key ?? ports.random.uuid())
  return await commitOnce(ports, { what, key: key.value }, async () => {
    const made = await makeCart(ports, input, request)
    return mapResult(made, (cart) => ({
      outcome: cart,
      transaction: { rows: [cartRow(cart, 'absent', ports.clock.now())] },
    }))
  })
}

async function makeCart(
  ports: CommandPorts,
  input: CartCreateInput,
  { market, principal }: RequestContext,
): Promise<Result<Cart, readonly CartRefusal[]>> {
  const customerId = customerOf(principal)
  const opened = openCart({
    cartId: `C-${ports.random.uuid()}`,
    market: input.market ?? market,
    ...(customerId !== undefined && { customerId }),
    ...(input.currency && { currency: input.currency }),
  })
  if (!opened.ok) return opened
  const lines = input.lines ?? []
  const skus = lines.slice(0, FIRST_LINES.max).map((line) => line.sku)
  return fillCart(opened.value, lines, await loadPriceList(ports.store, opened.value.market, skus))
}

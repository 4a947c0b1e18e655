import type { CommandPorts } from '@stoa/platform/handle-command'
import { keyOf } from '@stoa/platform/id'
import type { Result } from '@stoa/platform/result'
import type { ResolverContext } from '@stoa/platform/subgraph'
import { maySeeCart } from '../commands/cart-access.ts'
import { type CartCreateInput, createCart } from '../commands/create-cart.ts'
import { requestKey } from '../commands/request-key.ts'
import { updateCart } from '../commands/update-cart.ts'
import type { Cart } from '../domain/cart/cart.ts'
import type { CartAction, FirstLine } from '../domain/cart/change-cart.ts'
import type { CartRefusal } from '../domain/cart/refusal.ts'
import type { OrdersLoaders } from '../loaders.ts'
import type { CartView } from './cart-shapes.ts'
import { cartUserError } from './user-errors.ts'

type Context = ResolverContext<OrdersLoaders>

interface CartPayload {
  readonly cart: CartView | null
  readonly userErrors: readonly object[]
}

export interface CartUpdateInput {
  readonly cartId: string
  readonly actions: readonly GraphCartAction[]
  readonly idempotencyKey?: string | null
}

/** `@oneOf`: exactly one is set. */
export interface GraphCartAction {
  readonly addLine?: FirstLine
  readonly setQuantity?: { readonly lineId: string; readonly quantity: number }
  readonly removeLine?: { readonly lineId: string }
  readonly acceptPrices?: boolean
}

export async function cartCreate(
  ports: CommandPorts,
  input: CartCreateInput,
  { request, loaders }: Context,
): Promise<CartPayload> {
  return await payload(await createCart(ports, input, request), loaders)
}

export async function cartUpdate(
  ports: CommandPorts,
  input: CartUpdateInput,
  { request, loaders }: Context,
): Promise<CartPayload> {
  const cartId = cartKeyOf(input.cartId)
  const key = requestKey({ request, operation: 'cartUpdate', about: cartId, input })
  if (!key.ok) return { cart: null, userErrors: [cartUserError(key.error)] }
  const actions = input.actions.map(toAction)
  const updated = await updateCart(ports, { cartId, actions, idempotency: key.value, request })
  const answer = await payload(updated, loaders)
  if (answer.cart) return answer
  const stored = await loaders.carts.load(cartId)
  const seen = stored && maySeeCart(request.principal, stored.cart) ? await loaders.priced(stored.cart) : null
  return { ...answer, cart: seen }
}

/** The key in a cart's global id; of an id of something else, a key that no cart has. */
export function cartKeyOf(id: string): string {
  const key = keyOf('orders', 'Cart', id)
  return key.ok && key.value !== '' ? key.value.slice(0, 64) : 'none'
}

async function payload(
  result: Result<Cart, readonly CartRefusal[]>,
  loaders: OrdersLoaders,
): Promise<CartPayload> {
  if (!result.ok) return { cart: null, userErrors: result.error.map(cartUserError) }
  return { cart: await loaders.priced(result.value), userErrors: [] }
}

function toAction({ addLine, setQuantity, removeLine }: GraphCartAction): CartAction {
  if (addLine) return { type: 'addLine', ...addLine }
  if (setQuantity) return { type: 'setQuantity', ...setQuantity }
  if (removeLine) return { type: 'removeLine', ...removeLine }
  return { type: 'acceptPrices' }
}

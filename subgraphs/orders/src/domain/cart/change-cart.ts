import { err, ok, type Result } from '@stoa/platform/result'
import type { Cart, CartLine, OpenCart, PriceList } from './cart.ts'
import { ACTIONS, CART_LINES, FIRST_LINES, LINE_QUANTITY, outOfRange } from './limits.ts'
import { alreadyCheckedOut, type CartRefusal, type RefusalPath } from './refusal.ts'

export type CartAction =
  | { readonly type: 'addLine'; readonly sku: string; readonly quantity: number }
  | { readonly type: 'setQuantity'; readonly lineId: string; readonly quantity: number }
  | { readonly type: 'removeLine'; readonly lineId: string }
  | { readonly type: 'acceptPrices' }

/** All changes, in order, or every reason why not: a cart is never half changed. */
export function changeCart(
  cart: Cart,
  actions: readonly CartAction[],
  prices: PriceList,
): Result<OpenCart, readonly CartRefusal[]> {
  if (cart.status === 'CHECKED_OUT') return err([alreadyCheckedOut(cart.orderId)])
  const count = outOfRange(ACTIONS, actions.length, ['actions'])
  if (count) return err([count])
  return inOrder(cart, actions, (changed, action, i) =>
    changeOnce(changed, action, { prices, path: ['actions', i, action.type] }),
  )
}

/** A new cart with its first lines, or every reason why not. */
export function fillCart(
  cart: OpenCart,
  lines: readonly FirstLine[],
  prices: PriceList,
): Result<OpenCart, readonly CartRefusal[]> {
  const count = outOfRange(FIRST_LINES, lines.length, ['lines'])
  if (count) return err([count])
  return inOrder(cart, lines, (filled, line, i) => addLine(filled, line, { prices, path: ['lines', i] }))
}

export interface FirstLine {
  readonly sku: string
  readonly quantity: number
}

function inOrder<Step>(
  cart: OpenCart,
  steps: readonly Step[],
  take: (cart: OpenCart, step: Step, i: number) => Result<OpenCart, CartRefusal>,
): Result<OpenCart, readonly CartRefusal[]> {
  let changed = cart
  const refusals: CartRefusal[] = []
  for (const [i, step] of steps.entries()) {
    const result = take(changed, step, i)
    if (result.ok) changed = result.value
    else refusals.push(result.error)
  }
  return refusals.length > 0 ? err(refusals) : ok(changed)
}

interface Surroundings {
  readonly prices: PriceList
  readonly path: RefusalPath
}

function changeOnce(cart: OpenCart, action: CartAction, around: Surroundings): Result<OpenCart, CartRefusal> {
  switch (action.type) {
    case 'addLine':
      return addLine(cart, action, around)
    case 'setQuantity':
      return setQuantity(cart, action, around)
    case 'removeLine': {
      const lines = cart.lines.filter((line) => line.lineId !== action.lineId)
      return lines.length < cart.lines.length
        ? ok({ ...cart, lines })
        : err(unknownLine(action.lineId, around.path))
    }
    case 'acceptPrices':
      return ok({
        ...cart,
        lines: cart.lines.map((line) => ({ ...line, seenMinor: priceNow(line, around.prices) })),
      })
  }
}

/** Puts a SKU into a cart; what is there of it already is added to. */
function addLine(
  cart: OpenCart,
  { sku, quantity }: FirstLine,
  { prices, path }: Surroundings,
): Result<OpenCart, CartRefusal> {
  const price = prices.get(sku)
  if (!price) return err(unknownSku(cart, sku, [...path, 'sku']))
  const wrong = outOfRange(LINE_QUANTITY, quantity, [...path, 'quantity'])
  if (wrong) return err(wrong)
  const there = cart.lines.find((line) => line.sku === sku)
  if (there) return replaceQuantity(cart, { ...there, quantity: there.quantity + quantity }, { prices, path })
  const tooMany = outOfRange(CART_LINES, cart.lines.length + 1, path)
  if (tooMany) return err(tooMany)
  const line = { lineId: `L${cart.nextLine}`, sku, quantity, seenMinor: price.amount.minor }
  return ok({ ...cart, lines: [...cart.lines, line], nextLine: cart.nextLine + 1 })
}

function setQuantity(
  cart: OpenCart,
  { lineId, quantity }: { readonly lineId: string; readonly quantity: number },
  around: Surroundings,
): Result<OpenCart, CartRefusal> {
  const there = cart.lines.find((line) => line.lineId === lineId)
  return there ? replaceQuantity(cart, { ...there, quantity }, around) : err(unknownLine(lineId, around.path))
}

function replaceQuantity(
  cart: OpenCart,
  line: CartLine,
  { prices, path }: Surroundings,
): Result<OpenCart, CartRefusal> {
  const wrong = outOfRange(LINE_QUANTITY, line.quantity, [...path, 'quantity'])
  if (wrong) return err(wrong)
  const seen = { ...line, seenMinor: priceNow(line, prices) }
  return ok({ ...cart, lines: cart.lines.map((other) => (other.lineId === line.lineId ? seen : other)) })
}

function priceNow(line: CartLine, prices: PriceList): number {
  return prices.get(line.sku)?.amount.minor ?? line.seenMinor
}

function unknownLine(lineId: string, path: RefusalPath): CartRefusal {
  const message = `Expected a line of this cart, got "${lineId.slice(0, 20)}". Read the cart again for its lines.`
  return { code: 'UNKNOWN_LINE', message, path: [...path, 'lineId'] }
}

export function unknownSku(cart: OpenCart, sku: string, path: RefusalPath): CartRefusal {
  const name = sku.slice(0, 64)
  const message = `Expected a SKU that is sold in market ${cart.market}, got "${name}".`
  return { code: 'UNKNOWN_SKU', message, path, sku: name }
}

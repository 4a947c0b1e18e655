/** One order, as far as taste is concerned. */
export interface Purchase {
  readonly orderId: string
  /** Absent for a guest. */
  readonly customerId?: string
  readonly productIds: readonly string[]
  /** Epoch milliseconds. */
  readonly at: number
}

/** What is known of one product. */
export interface ProductTaste {
  /** How much it was bought. */
  readonly bought: number
  /** How much it was bought together with others; at most `MAX_NEIGHBOURS`, strongest first. */
  readonly together: readonly Weighted[]
}

/** A product id and its weight. */
export type Weighted = readonly [productId: string, weight: number]

/** Somebody signed in looked at a product. */
export interface View {
  readonly customerId: string
  readonly productId: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** What a customer bought, or looked at: product ids and when that was last, the latest first. */
export type CustomerTaste = readonly (readonly [productId: string, at: number])[]

/** Neighbours kept per product; weaker ones are forgotten. */
export const MAX_NEIGHBOURS = 50
/** Products of one order that draw edges: their square bounds the work of an order. */
export const MAX_BASKET = 50
/** Products remembered per customer. */
export const MAX_PURCHASES = 200
/** Products a customer looked at that are remembered. */
export const MAX_VIEWS = 50
/** Best sellers known, everywhere and on each shelf. */
export const MAX_POPULAR = 1_000
/** What was bought together three months ago counts half of what is bought together today: a season passes. */
export const HALF_LIFE_MS: number = 90 * 86_400_000

export const noTaste: ProductTaste = { bought: 0, together: [] }

/**
 * What an order of this time adds. Weights grow towards the future instead of shrinking with age (forward decay,
 * Cormode and others, 2009): sums never need to be aged, and orders may arrive in any order.
 */
export function weightAt(at: number): number {
  return 2 ** ((at - LANDMARK) / HALF_LIFE_MS)
}

/** Any fixed time will do: doubles overflow 250 years after it. */
const LANDMARK = Date.UTC(2026, 0, 1)

/** The different products of an order that count, in its order. */
export function basketOf({ productIds }: Purchase): readonly string[] {
  return [...new Set(productIds)].slice(0, MAX_BASKET)
}

/** A product after one more order that it was in. */
export function addOrder(taste: ProductTaste, productId: string, purchase: Purchase): ProductTaste {
  const weight = weightAt(purchase.at)
  const together = new Map(taste.together)
  for (const other of basketOf(purchase)) {
    if (other !== productId) together.set(other, (together.get(other) ?? 0) + weight)
  }
  return { bought: taste.bought + weight, together: ranked(together).slice(0, MAX_NEIGHBOURS) }
}

/** A customer after one more order. */
export function addPurchase(taste: CustomerTaste, purchase: Purchase): CustomerTaste {
  return addLatest(taste, basketOf(purchase), purchase.at).slice(0, MAX_PURCHASES)
}

/** A customer's views after one more. */
export function addView(taste: CustomerTaste, { productId, at }: View): CustomerTaste {
  return addLatest(taste, [productId], at).slice(0, MAX_VIEWS)
}

function addLatest(taste: CustomerTaste, productIds: readonly string[], at: number): CustomerTaste {
  const latest = new Map(taste)
  for (const productId of productIds) latest.set(productId, Math.max(at, latest.get(productId) ?? at))
  return ranked(latest)
}

/** The strongest first; equal ones by id, so that an answer never flickers. */
export function ranked(weights: Iterable<Weighted>): readonly Weighted[] {
  return [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}

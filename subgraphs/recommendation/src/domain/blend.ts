import { ranked, type Weighted } from './taste.ts'

/** What speaks for a product, for somebody who bought or looked at others: their seeds. */
export interface Evidence {
  /** What sells best everywhere. */
  readonly popular: readonly Weighted[]
  /** For each seed what was bought together with it. */
  readonly near: readonly (readonly Weighted[])[]
  /** The categories of the seeds: how many of them stand there, and what sells best there. */
  readonly shelves: readonly Shelf[]
  /** What an order of now weighs. */
  readonly unit: number
}

export interface Shelf {
  readonly seeds: number
  readonly sellers: readonly Weighted[]
}

// Chosen on the second to last orders of the customers of six demo shops, with and without a taste: where nobody has one no
// worse than best sellers, and best where everybody has. `npm run bench:recommendations` judges them on the last orders.
/** How much the neighbours of seeds may say at most. */
const NEIGHBOURS_SHARE = 0.2
/** How much the categories of seeds may say at most. */
const SHELVES_SHARE = 0.45
/** So many orders with a seed, and its neighbours say half of that; with fewer, what is popular says more. */
const ORDERS_TO_BELIEVE = 10
/** So many seeds, and their categories say half of it. */
const SEEDS_TO_BELIEVE = 2

/**
 * How likely each product is next, the likeliest first: a mixture of what sells best, what goes with the seeds and what
 * sells best in their categories. Evidence that is thin shrinks towards what is popular, so that one order
 * together does not outdo a hundred apart; without any, the best sellers are the answer.
 */
export function blend({ popular, near, shelves, unit }: Evidence): readonly Weighted[] {
  const scores = new Map<string, number>()
  const add = (shares: readonly Weighted[], weight: number): void => {
    for (const [id, share] of shares) scores.set(id, (scores.get(id) ?? 0) + share * weight)
  }
  const onShelves = (SHELVES_SHARE * near.length) / (near.length + SEEDS_TO_BELIEVE)
  let left = 1
  for (const neighbours of near) {
    const trust = confidence(neighbours, unit) * (NEIGHBOURS_SHARE / near.length)
    add(sharesOf(neighbours), trust)
    left -= trust
  }
  for (const { seeds, sellers } of shelves) {
    const trust = sellers.length > 0 ? onShelves * (seeds / near.length) : 0
    add(sharesOf(sellers), trust)
    left -= trust
  }
  add(sharesOf(popular), left)
  return ranked(scores)
}

/** 0 to 1, by how often it was bought with others. */
function confidence(neighbours: readonly Weighted[], unit: number): number {
  const orders = sumOf(neighbours) / unit
  return orders / (orders + ORDERS_TO_BELIEVE)
}

function sharesOf(weights: readonly Weighted[]): readonly Weighted[] {
  const sum = sumOf(weights)
  return weights.map(([id, weight]) => [id, weight / sum])
}

function sumOf(weights: readonly Weighted[]): number {
  return weights.reduce((sum, [, weight]) => sum + weight, 0)
}

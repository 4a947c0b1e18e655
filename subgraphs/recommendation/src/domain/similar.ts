import { ranked, type Weighted } from './taste.ts'

/** What is known of products, as far as likeness goes. */
export interface Surroundings {
  /** What was bought together with a product, bounded. */
  readonly together: (productId: string) => readonly Weighted[]
  readonly category: (productId: string) => string | undefined
}

/**
 * Products of the same category by the neighbours they share, the strongest first. A neighbour counts as much as the
 * weaker of the two edges that meet in it: both must like it.
 */
export function sharingNeighbours(around: Surroundings, productId: string): readonly Weighted[] {
  const category = around.category(productId)
  if (category === undefined) return []
  const shared = new Map<string, number>()
  for (const [neighbour, near] of around.together(productId)) {
    for (const [other, far] of around.together(neighbour)) {
      if (other === productId || around.category(other) !== category) continue
      shared.set(other, (shared.get(other) ?? 0) + Math.min(near, far))
    }
  }
  return ranked(shared)
}

/** Each of these once, where it first stands, without the product itself. */
export function withoutItself(
  productId: string,
  candidates: readonly string[],
  first: number,
): readonly string[] {
  return [...new Set(candidates)].filter((candidate) => candidate !== productId).slice(0, first)
}

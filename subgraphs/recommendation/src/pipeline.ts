import { ranked, type Weighted } from './domain/taste.ts'
import type { AffinityGraph, Neighbour } from './ports.ts'

/** A recommended product; whoever wants more than its id asks the catalogue. */
export interface Recommendation {
  readonly productId: string
}

/** For each product what others bought with it; best sellers where nobody did. Lists of up to `MOST` products. */
export async function alsoBought(
  graph: AffinityGraph,
  productIds: readonly string[],
): Promise<readonly (readonly Recommendation[])[]> {
  const found = await graph.neighbours(productIds, MOST)
  const isCold = found.some((neighbours) => neighbours.length === 0)
  // One more than shown, in case the product is a best seller itself.
  const popular = isCold ? await graph.popular(MOST + 1) : []
  return productIds.map((productId, index) => {
    const neighbours = found[index] ?? []
    const candidates = neighbours.length > 0 ? neighbours : popular
    return shape(drop(candidates, new Set([productId])), MOST)
  })
}

/** For one customer, or for nobody in particular: which ids, load in bulk, drop, shape. */
export async function recommendFor(
  graph: AffinityGraph,
  viewer: { readonly customerId: string | undefined; readonly first: number },
): Promise<readonly Recommendation[]> {
  const bought = await whichIds(graph, viewer.customerId)
  const candidates = await loadInBulk(graph, bought, viewer.first)
  return shape(drop(candidates, new Set(bought)), viewer.first)
}

const MOST = 50
/** The latest purchases say most about what is wanted next. */
const SEEDS = 20

async function whichIds(graph: AffinityGraph, customerId: string | undefined): Promise<readonly string[]> {
  return customerId === undefined ? [] : await graph.boughtBy(customerId)
}

/** What goes with the latest purchases, strongest first, then best sellers: enough of them to survive the dropping. */
async function loadInBulk(
  graph: AffinityGraph,
  bought: readonly string[],
  first: number,
): Promise<readonly Neighbour[]> {
  const [neighbours, popular] = await Promise.all([
    graph.neighbours(bought.slice(0, SEEDS), MOST),
    graph.popular(first + bought.length),
  ])
  return [...sumUp(neighbours.flat()), ...popular]
}

function drop(candidates: readonly Neighbour[], unwanted: ReadonlySet<string>): readonly Neighbour[] {
  return candidates.filter(({ productId }) => !unwanted.has(productId))
}

/** Each product once, where it first stands. */
function shape(candidates: readonly Neighbour[], first: number): readonly Recommendation[] {
  const ids = new Set(candidates.map(({ productId }) => productId))
  return [...ids].slice(0, first).map((productId) => ({ productId }))
}

function sumUp(neighbours: readonly Neighbour[]): readonly Neighbour[] {
  const sums = new Map<string, number>()
  for (const { productId, weight } of neighbours) sums.set(productId, (sums.get(productId) ?? 0) + weight)
  return ranked(sums).map(([productId, weight]: Weighted) => ({ productId, weight }))
}

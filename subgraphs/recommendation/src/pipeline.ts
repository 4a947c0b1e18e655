import { ranked, type Weighted } from './domain/taste.ts'
import type { AffinityGraph, Neighbour, StockKnowledge } from './ports.ts'

/** A recommended product; whoever wants more than its id asks the catalogue. */
export interface Recommendation {
  readonly productId: string
}

/** What is not recommended: what this customer bought, what cannot be bought now. */
export type Exclusion = 'BOUGHT' | 'OUT_OF_STOCK'

/** Who looks, and how much of what they want to see. */
export interface Viewer {
  /** What they bought, latest first; nothing for who is no customer. Asked for at most once a request. */
  readonly bought: () => Promise<readonly string[]>
  /** What they looked at, latest first. */
  readonly viewed: () => Promise<readonly string[]>
  /** 1 to 100. */
  readonly first: number
  readonly exclude: readonly Exclusion[]
}

export interface RecommendationPorts {
  readonly graph: AffinityGraph
  readonly stock: StockKnowledge
}

/** Products found for each product: as many as the graph remembers, so that enough are left after dropping. */
export const MOST = 50

/** For each product what others bought with it; while nobody did, what sells best beside it, then everywhere. */
export async function findAlsoBought(
  graph: AffinityGraph,
  productIds: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const found = await graph.neighbours(productIds, MOST)
  const cold = productIds.filter((_, index) => found[index]?.length === 0)
  if (cold.length === 0) return found.map(idsOf)
  // One more than shown, in case the product is a best seller itself.
  const [beside, popular] = await Promise.all([graph.similar(cold, MOST), graph.popular(MOST + 1)])
  const warmed = new Map(cold.map((id, index) => [id, [...(beside[index] ?? []), ...idsOf(popular)]]))
  return productIds.map((id, index) => {
    const candidates = warmed.get(id) ?? idsOf(found[index] ?? [])
    return shape(drop(candidates, new Set([id])), MOST)
  })
}

/** What a viewer sees of what was found: without what they excluded. */
export async function showTo(
  stock: StockKnowledge,
  viewer: Viewer,
  candidates: readonly string[],
): Promise<readonly Recommendation[]> {
  const isExcluded = new Set(viewer.exclude)
  const unwanted = isExcluded.has('BOUGHT') ? await viewer.bought() : []
  const allowed = drop(candidates, new Set(unwanted))
  const here = isExcluded.has('OUT_OF_STOCK') ? allowed.filter((id) => !stock.isSoldOut(id)) : allowed
  return shape(here, viewer.first).map((productId) => ({ productId }))
}

/** For one customer, or for nobody in particular: which ids, load in bulk, drop, shape. */
export async function recommendFor(
  ports: RecommendationPorts,
  viewer: Viewer,
): Promise<readonly Recommendation[]> {
  const [bought, viewed] = await Promise.all([viewer.bought(), viewer.viewed()])
  const most = viewer.first + bought.length + SPARE
  const candidates = await loadInBulk(ports.graph, whichSeeds(bought, viewed), most)
  return await showTo(ports.stock, viewer, candidates)
}

/** What sells best, everywhere or in one category. */
export async function bestSellers(
  ports: RecommendationPorts,
  viewer: Viewer,
  category: string | undefined,
): Promise<readonly Recommendation[]> {
  const sellers = await ports.graph.popular(viewer.first + SPARE, category)
  return await showTo(ports.stock, viewer, idsOf(sellers))
}

/** The latest purchases and looks say most about what is wanted next. */
const SEEDS = 20
/** Best sellers beyond those asked for: some are bought already, some are out of stock. */
const SPARE = 200

/** Half of them looks at most: who bought something meant it. */
function whichSeeds(bought: readonly string[], viewed: readonly string[]): readonly string[] {
  const looks = viewed.slice(0, Math.max(SEEDS / 2, SEEDS - bought.length))
  return [...new Set([...bought.slice(0, SEEDS - looks.length), ...looks])]
}

/** What goes with the latest purchases and looks, strongest first, then best sellers. */
async function loadInBulk(
  graph: AffinityGraph,
  seeds: readonly string[],
  most: number,
): Promise<readonly string[]> {
  const [neighbours, popular] = await Promise.all([graph.neighbours(seeds, MOST), graph.popular(most)])
  return idsOf([...sumUp(neighbours.flat()), ...popular])
}

function drop(candidates: readonly string[], unwanted: ReadonlySet<string>): readonly string[] {
  return candidates.filter((productId) => !unwanted.has(productId))
}

/** Each product once, where it first stands. */
function shape(candidates: readonly string[], first: number): readonly string[] {
  return [...new Set(candidates)].slice(0, first)
}

function sumUp(neighbours: readonly Neighbour[]): readonly Neighbour[] {
  const sums = new Map<string, number>()
  for (const { productId, weight } of neighbours) sums.set(productId, (sums.get(productId) ?? 0) + weight)
  return ranked(sums).map(([productId, weight]: Weighted) => ({ productId, weight }))
}

function idsOf(neighbours: readonly Neighbour[]): readonly string[] {
  return neighbours.map(({ productId }) => productId)
}
